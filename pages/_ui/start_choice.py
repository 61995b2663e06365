"""What a run begins with: random weights, or trained ones that its task can go on with and that know its language."""

from itertools import islice

import streamlit as st

from pages._ui import live_state, run_reading, run_words
from ssl_core import corpora, pretext, shelf
from ssl_core.corpora import mixed
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs import presets, starts, weights
from ssl_core.runs.spec import RunSpec

RANDOM = ""
_NUM_RUNS = 20
_WITH_WEIGHTS = ("done", "stopped")


def show() -> None:
    """Let the reader choose what the run that is being set up begins with."""
    titles = offered(st.session_state[live_state.TASK], st.session_state[live_state.CORPUS])
    _settle(titles)
    chosen = st.selectbox(
        _("Start from"), list(titles), format_func=titles.get, key=live_state.START,
        help=_("Random weights know nothing. Trained ones are trained on: with the tokenizer and the network that they have."),
    )  # fmt: skip
    if chosen:
        _show_steps(_earlier(chosen))
        st.caption(_("Tokenizer and network are the start's, and fixed. The learning rate is lower on text and task it knows."))


def applied(base: RunSpec) -> RunSpec:
    """Return the run that is being set up as it is with the chosen start."""
    if not st.session_state.get(live_state.START) and not base.start:
        return base
    _settle(offered(base.task, base.corpus))
    chosen, step = st.session_state[live_state.START], st.session_state[live_state.START_STEP]
    if (chosen, step) == (base.start, base.start_step):
        return base
    if base.start:  # what it took over from that start goes with it
        base = presets.recipe(base.task, base.corpus, corpora.listed(base.corpus).language)
    if chosen == RANDOM:
        return base
    try:
        return starts.starting_from(run_reading.store(), base, chosen, step)
    except UserError:  # it went a moment ago
        st.session_state[live_state.START] = RANDOM
        return base


def offered(task: str, corpus: str) -> dict[str, str]:
    """Return what a run of this task on this text can begin with, by key: random weights, models that come along, runs."""
    families, language = pretext.task(task).FAMILIES, corpora.listed(corpus).language
    languages = {each.key: each.language for each in corpora.cards()}
    on_shelf = {
        shelf.key(each.name): run_words.of_shelf(each)
        for each in shelf.cards()
        if each.language == language and each.spec["model"]["family"] in families
    }
    trained = {
        row["id"]: run_words.dated(row)
        for row in run_reading.rows()
        if row["status"] in _WITH_WEIGHTS and _fits(run_words.spec(row), families, language, languages)
    }
    kept = (key for key in trained if weights.model_folder(key).is_dir())
    return {RANDOM: _("random weights"), **on_shelf, **{key: trained[key] for key in islice(kept, _NUM_RUNS)}}


def _fits(spec: dict[str, object], families: tuple[str, ...], language: str, languages: dict[str, str]) -> bool:
    network, corpus = spec.get("model"), str(spec.get("corpus", "")).split(mixed.JOINT)[0]
    return isinstance(network, dict) and network.get("family") in families and languages.get(corpus) == language


def _settle(titles: dict[str, str]) -> None:
    """Go back to random weights where what was chosen does not fit, or is gone, and to the newest where that step is."""
    if st.session_state.get(live_state.START) not in titles:
        st.session_state[live_state.START] = RANDOM
    chosen, step = st.session_state[live_state.START], st.session_state.setdefault(live_state.START_STEP, None)
    if step is not None and step not in _earlier(chosen):
        st.session_state[live_state.START_STEP] = None


def _earlier(key: str) -> list[int]:
    """Return the steps that are kept of a network before its newest."""
    try:
        return weights.steps(run_reading.store(), key)[:-1] if key else []
    except UserError:  # it went a moment ago
        return []


def _show_steps(earlier: list[int]) -> None:
    def title(step: int | None) -> str:
        return _("the newest") if step is None else _("0, as it began") if step == 0 else f"{step:,}"

    st.selectbox(
        _("Weights of step"), [None, *reversed(earlier)], format_func=title, key=live_state.START_STEP,
        help=_("How much is longer training worth? Start from earlier weights, and compare."),
    )  # fmt: skip
