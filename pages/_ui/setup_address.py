"""The run that is being set up, in the address: a link opens the same set-up.

``task`` and ``corpus`` name it, ``start`` the weights it begins with, and each setting that is not usual stands there by its
dotted name (``training.budget=30``). Own sentences stay out: an address is seen by others.
"""

import streamlit as st

from pages._ui import address, live_state, run_reading
from ssl_core import corpora, pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_, current_language
from ssl_core.runs import differences, presets, starts
from ssl_core.runs.spec import RunSpec

TASK, CORPUS, START = "task", "corpus", "start"
NAMES = frozenset({TASK, CORPUS, START}) | differences.names()
_WRITTEN = "live.address"


def take() -> None:
    """Set up the run that the address names, where it is another than the one that this page wrote there last.

    Raises: UserError if it names none that can be set up.
    """
    given = {name: value for name, value in st.query_params.to_dict().items() if name in NAMES}
    if not given or live_state.run_id():
        return
    is_back = live_state.comes_from_a_run() and (given.get(TASK), given.get(CORPUS)) != live_state.task_and_text()
    if given != st.session_state.get(_WRITTEN) or is_back:
        live_state.set_up(read(given))
        st.session_state[_WRITTEN] = given


def put(spec: RunSpec) -> None:
    """Write a run that is being set up into the address; what the page opens with anyway is left out."""
    wanted = written(spec)
    st.session_state[_WRITTEN] = wanted
    address.put_all(NAMES, {} if wanted == written(live_state.opening(current_language())) else wanted)


def drop() -> None:
    """Take the set-up out of the address: a run is in view, or what stood there can't be."""
    address.put_all(NAMES, {})


def written(spec: RunSpec) -> dict[str, str]:
    """Return what the address says of a run."""
    named = {TASK: spec.task, CORPUS: spec.corpus}
    if spec.start:
        named[START] = starts.written(spec.start, spec.start_step)
    try:
        usual = _usual(named)
    except UserError:  # its text or its start went a moment ago: the page itself says so
        return named
    return named | differences.of(spec, usual)


def read(given: dict[str, str]) -> RunSpec:
    """Return the run that an address names; it may say anything.

    Raises: UserError naming what can't be.
    """
    named = {name: given[name] for name in (TASK, CORPUS, START) if name in given}
    opening = live_state.opening(current_language())
    usual = _usual({TASK: opening.task, CORPUS: opening.corpus, **named})
    return differences.applied(usual, {name: text for name, text in given.items() if name not in named})


def _usual(named: dict[str, str]) -> RunSpec:
    """Return the run of a task on a text with a start in which all else is as usual.

    Raises: UserError if there is no such task, text or start.
    """
    pretext.task(named[TASK])
    card = next((each for each in corpora.cards() if each.key == named[CORPUS]), None)
    if card is None:
        raise UserError(
            N_("There is no text {key!r} here. It may be on another machine: choose one of the list, or upload it."),
            key=named[CORPUS][:80],
        )
    usual = presets.recipe(named[TASK], card.key, card.language)
    if START not in named:
        return usual
    return starts.starting_from(run_reading.store(), usual, *starts.read(named[START]))
