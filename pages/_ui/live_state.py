"""What the live page remembers: the run in the URL, the setup being made, and one press of Start."""

import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from pages._ui import menu, run_reading
from ssl_core import corpora
from ssl_core.corpora import Card
from ssl_core.engine import client
from ssl_core.i18n import current_language
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from ssl_core.runs.store import RunStore
from ssl_core.tokenization.config import TokenizerConfig

TASK, CORPUS, START, START_STEP, WATCHES = "live.task", "live.corpus", "live.start_from", "live.start_step", "live.watches"
_TOKENIZER, _SET_UP = "live.tokenizer", "live.set_up"
REDRAW = "live.redraw"  # set where a part of the page changed what the whole page shows
_ROUND, _PRESS, _VIEWED = "live.round", "live.press", "live.viewed"
SAME_PRESS_S = 3.0
PATH = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press of Start: however often it arrives, it makes one run."""

    key: str
    place: str  # where the button stood
    run_id: str
    at: float


def settle(language: str, viewed_id: str, viewed: RunSpec | None) -> None:
    """Take task and text from the run in view, or else from the first preset in the reader's language."""
    if viewed is not None and st.session_state.get(_VIEWED) != viewed_id:
        _choose(viewed)
    st.session_state[_VIEWED] = viewed_id
    if TASK not in st.session_state or CORPUS not in st.session_state:
        _choose(opening(language))
    if viewed is None:
        texts()


def opening(language: str) -> RunSpec:
    """Return the run that the page opens with: the first preset in the reader's language."""
    first = next((each for each in presets.PRESETS if each.language == language), presets.PRESETS[0])
    return presets.spec(first.key)


def comes_from_a_run() -> bool:
    """Return whether a run was in view when the page was laid out last."""
    return bool(st.session_state.get(_VIEWED))


def task_and_text() -> tuple[str, str]:
    """Return the keys of the task and the text that were chosen last."""
    return st.session_state[TASK], st.session_state[CORPUS]


def texts() -> dict[str, Card]:
    """Return the texts to choose from; where the chosen one is gone, one in the reader's language takes its place."""
    cards = {each.key: each for each in corpora.cards()}
    if st.session_state[CORPUS] not in cards:
        in_language = [key for key, each in cards.items() if each.language == current_language()]
        st.session_state[CORPUS] = next(iter([*in_language, *cards]))
    return cards


def set_up(spec: RunSpec, tokenizer: TokenizerConfig | None = None) -> None:
    """Leave the run in view, which goes on by itself, and set up a new one, with no guess yet.

    ``tokenizer`` takes the place of the usual one for this text.
    """
    _choose(spec)
    st.session_state[_SET_UP] = spec
    st.session_state[_TOKENIZER] = (spec.corpus, tokenizer)
    menu.set_run_id("")
    st.session_state.pop(_PRESS, None)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    st.session_state[WATCHES] = False


def usual(task: str, corpus: str) -> RunSpec:
    """Return what is trained where nothing else is asked for: the ready-made run that was chosen, or else the recipe."""
    chosen: RunSpec | None = st.session_state.get(_SET_UP)
    if chosen is not None and (chosen.task, chosen.corpus) == (task, corpus):
        return chosen
    return presets.recipe(task, corpus, corpora.listed(corpus).language)


def tokenizer_for(corpus: str) -> TokenizerConfig | None:
    """Return the tokenizer that was asked for with this text; None for the usual one."""
    asked_with, tokenizer = st.session_state.get(_TOKENIZER, ("", None))
    return tokenizer if asked_with == corpus else None


def setup_id() -> str:
    """Return what one guess and one press belong to: a task, a text, and the round."""
    return f"{st.session_state.get(_ROUND, 0)} {st.session_state[TASK]} {st.session_state[CORPUS]}"


def preset_in_view() -> str:
    """Return the key of the preset that is being set up, or ""."""
    task, corpus = st.session_state[TASK], st.session_state[CORPUS]
    chosen: RunSpec | None = st.session_state.get(_SET_UP)
    is_chosen = chosen is not None and (chosen.task, chosen.corpus) == (task, corpus)
    return preset_like(task, corpus, chosen.model.family if chosen is not None and is_chosen else "")


def preset_like(task: str, corpus: str, family: str = "") -> str:
    """Return the key of the preset with this task and text, of this model family if there is one, or ""."""
    alike = [each.key for each in presets.PRESETS if (each.task, each.corpus) == (task, corpus)]
    return next((key for key in alike if presets.spec(key).model.family == family), next(iter(alike), ""))


def run_id() -> str:
    """Return the id of the run to show: the one in the URL, or the one whose Start was pressed a moment ago."""
    named = menu.run_id()
    press: Press | None = st.session_state.get(_PRESS)
    if named or press is None:
        return named
    if time.time() - press.at < SAME_PRESS_S:  # a second click overtook the new address
        menu.set_run_id(press.run_id)
        return press.run_id
    del st.session_state[_PRESS]  # the reader went back
    return ""


def is_watched(path: str) -> bool:
    """Return whether the page at ``path`` shows a run that goes on: its ticks tell of the engine, too."""
    record = run_reading.found(shown) if path == PATH and (shown := run_id()) else None
    return record is not None and not record.is_finished


def start(spec: RunSpec, place: str, guess: Sequence[tuple[float, float]]) -> None:
    """Queue a run, once for each press, and put it into the URL. ``place`` says which button was pressed.

    Raises: UserError if its text is gone, or is none that a page may open.
    """
    corpora.listed(spec.corpus)
    press: Press | None = st.session_state.get(_PRESS)
    if press is None or press.place != place:
        key = uuid.uuid4().hex
        made = RunStore().submit(spec, submit_key=key, guess=guess)
        press = Press(key=key, place=place, run_id=made, at=time.time())
        st.session_state[_PRESS] = press
    menu.set_run_id(press.run_id)
    client.ensure_engine()


def _choose(spec: RunSpec) -> None:
    st.session_state[TASK] = spec.task
    st.session_state[CORPUS] = spec.corpus
    st.session_state[START] = spec.start
    st.session_state[START_STEP] = spec.start_step
