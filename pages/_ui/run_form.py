"""Every setting of a run, as a form made from the settings themselves."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import streamlit as st

from pages._ui import live_state, settings_form, start_choice, text_choice
from ssl_core import mistakes, pretext
from ssl_core.config import Config, knobs
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs import starts
from ssl_core.runs.spec import MAX_PROBES, RunSpec

C = TypeVar("C", bound=Config)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form says: a run that can start, or why it can't."""

    spec: RunSpec  # where the settings need attention: the one the form began with
    probes_key: str  # of the widget that holds the probe sentences
    problem: UserError | None = None


def show(in_view: RunSpec | None, place: str) -> Asked:
    """Show all settings and return what they say; they begin as those of ``in_view``, the run on the page.

    ``place`` names what is being set up: settings of another place begin afresh.
    """
    names = [_("Text"), _("Task"), _("Tokens and model"), _("Training"), _("Probe sentences")]
    text, task, model, training, probes = st.tabs(names)
    with text:
        text_choice.show()
    with task:
        _choose_task()
    with model:
        start_choice.show()
    base = _base(in_view)
    key = _key(place, base)
    try:
        with task:
            task_settings = _part(base.task_settings, f"{key}.task")
        with model:
            tokenizer = _part(base.tokenizer, f"{key}.tokenizer", fixed=_fixed(base, base.tokenizer))
            families = {"family": pretext.task(base.task).FAMILIES}
            network = _part(base.model, f"{key}.model", only=families, fixed=_fixed(base, base.model))
        with training:
            training_settings = _part(replace(base.training, pace=()), f"{key}.training")
            own = settings_form.fields(base, key, only={"mistake": (mistakes.NO_MISTAKE, *mistakes.of_task(base.task))})
        with probes:
            sentences = _probes(base, f"{key}.probes")
        spec = RunSpec(
            task=base.task, corpus=base.corpus, task_settings=task_settings, tokenizer=tokenizer, model=network,
            training=training_settings, seed=own["seed"], mistake=own["mistake"], probes=sentences,
            start=base.start, start_step=base.start_step,
        )  # fmt: skip
    except UserError as problem:
        return Asked(spec=base, probes_key=f"{key}.probes", problem=problem)
    return Asked(spec=spec, probes_key=f"{key}.probes")


def untouched(in_view: RunSpec | None, place: str) -> Asked:
    """Return what the form says as long as nobody has opened it; own sentences may have joined it already."""
    base = _base(in_view)
    probes_key = f"{_key(place, base)}.probes"
    sentences = _lines(st.session_state.setdefault(probes_key, "\n".join(base.probes)))
    try:
        return Asked(spec=replace(base, training=replace(base.training, pace=()), probes=sentences), probes_key=probes_key)
    except UserError as problem:
        return Asked(spec=base, probes_key=probes_key, problem=problem)


def _key(place: str, base: RunSpec) -> str:
    return f"live.{place} {base.task} {base.corpus} {starts.written(base.start, base.start_step)}".rstrip()


def _choose_task() -> None:
    task = st.selectbox(_("Task"), pretext.MENU, format_func=lambda key: _(pretext.task(key).TITLE), key=live_state.TASK)
    st.markdown(_(pretext.task(task).QUESTION))


def _base(in_view: RunSpec | None) -> RunSpec:
    task, corpus = st.session_state[live_state.TASK], st.session_state[live_state.CORPUS]
    if in_view is not None and (in_view.task, in_view.corpus) == (task, corpus):
        return start_choice.applied(in_view)
    usual = live_state.usual(task, corpus)
    tokenizer = live_state.tokenizer_for(corpus) if not usual.start else None
    return start_choice.applied(replace(usual, tokenizer=tokenizer or usual.tokenizer))


def _fixed(base: RunSpec, part: Config) -> Collection[str]:
    """Return which settings of the tokenizer or the network stand fixed, because the run takes them over from its start."""
    return set(knobs(type(part))) - starts.FREE if base.start else ()


def _part(now: C, key: str, only: dict[str, Sequence[str]] | None = None, fixed: Collection[str] = ()) -> C:
    return type(now).from_json({**now.to_json(), **settings_form.fields(now, key, only=only, fixed=fixed)})


def _probes(base: RunSpec, key: str) -> tuple[str, ...]:
    st.session_state.setdefault(key, "\n".join(base.probes))
    written = st.text_area(
        _("One sentence a line, {limit} at most").format(limit=MAX_PROBES),
        height=170,
        help=_("Where the task fills blanks, three underscores ___ mark one. Where it writes, these are beginnings."),
        key=key,
    )
    return _lines(written)


def _lines(written: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.strip() for line in (written or "").splitlines() if line.strip()))
