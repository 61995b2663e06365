"""The transport: start, pause, go on, one step, stop."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import escape
from typing import Any

import streamlit as st

from pages._ui import guess, live_state, pace, page, remark, remedies, run_reading
from pages._ui.live_words import Words
from pages._ui.run_form import Asked
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs import guess as guesses
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec

_FAILURE = "live.control_failure"
SIGNS = {"waiting": "◔", "live": "●", "paused": "❙❙", "done": "✓", "stopped": "■", "failed": "✕"}


def before_start(asked: Asked, facts: Words, *, has_recording: bool) -> None:
    """Show Start, the way to the recorded run, and what is known before the start."""
    with _beside(facts):
        place = live_state.setup_id()
        _button(
            "start", _("Start"), ":material/play_arrow:", _start, asked.spec, place,
            is_main=True, disabled=asked.problem is not None,
        )  # fmt: skip
        if has_recording:
            watches = st.session_state.get(live_state.WATCHES, False)
            label = _("Back to the guess") if watches else _("Watch the recording")
            icon = ":material/edit:" if watches else ":material/smart_display:"
            _button("watch", label, icon, _watch, not watches)


def of_run(record: RunRecord, words: Words) -> None:
    """Show what can be done with a run as it stands, and where it stands."""
    with _beside(words, "over" if record.is_finished else record.id):
        if record.status == "queued":
            _button("stop", _("Cancel"), ":material/close:", _control, record.id, "stop")
        elif not record.is_finished:
            _while_it_runs(record)
        else:
            _afterwards(record)


def _afterwards(record: RunRecord) -> None:
    """Offer the same run once more, and beside it another setup, or after a failure what may help."""
    spec = RunSpec.from_json(record.spec)
    _start_again("again", _("Run again"), spec, record, is_main=True)
    if record.status == "failed":
        remedy, changed = remedies.best(spec)
        _start_again("remedy", remedy, changed, record)
    else:
        _button("new", _("New setup"), ":material/tune:", live_state.set_up, spec)


def _start_again(name: str, label: str, spec: RunSpec, record: RunRecord, *, is_main: bool = False) -> None:
    place = f"{name} {record.id}"
    _button(name, label, ":material/replay:", _start_now, spec, place, record.guess, is_main=is_main)


def _while_it_runs(record: RunRecord) -> None:
    if record.status == "paused":
        _button("resume", _("Resume"), ":material/play_arrow:", _control, record.id, "resume", is_main=True)
    else:
        _button("pause", _("Pause"), ":material/pause:", _control, record.id, "pause")
    _button("step", _("One step"), ":material/skip_next:", _control, record.id, "step")
    _button("stop", _("Stop"), ":material/stop:", _control, record.id, "stop")


@contextmanager
def _beside(words: Words, refreshes: str = "") -> Iterator[None]:
    """Keep the words second in the row however many buttons there are: elsewhere, those of the state before would linger."""
    with st.container(key="live-transport", horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="live-buttons", horizontal=True, width="content", gap="small"):
            yield
        _say(_with_remark(words), refreshes)


def _button(
    name: str, label: str, icon: str, act: Callable[..., None], *arguments: Any, is_main: bool = False, disabled: bool = False
) -> None:
    kind = "primary" if is_main else "secondary"
    st.button(label, icon=icon, key=f"live.{name}", type=kind, on_click=act, args=arguments, disabled=disabled)


def _say(words: Words, refreshes: str = "") -> None:
    st.html(page.drawn(said(words, refreshes)) if refreshes else said(words))


def said(words: Words, refreshes: str = "") -> str:
    """Return words as HTML; ``refreshes`` names the run whose ticks may change them."""
    sign = f'<i aria-hidden="true">{SIGNS[words.state]}</i>' if words.state in SIGNS else ""
    run = f' data-run="{escape(refreshes)}"' if refreshes else ""
    return (
        f'<div class="live-words" data-state="{words.state}"{run}>{sign}'
        f'<p role="status"><b>{escape(words.title)}</b><span>{escape(words.detail)}</span></p></div>'
    )


def start_from_form(asked: Asked, facts: Words, run_id: str) -> None:
    """Say below the settings what they amount to, and offer to start with them, beside the run in view if there is one."""
    with st.container(horizontal=True, vertical_alignment="center", gap="medium"):
        if run_id:
            place, guessed = f"changed {run_id} {asked.spec}", ()
            _button(
                "changed", _("Start a run with these settings"), ":material/play_arrow:", _start_now, asked.spec, place,
                guessed, disabled=asked.problem is not None,
            )  # fmt: skip
        _say(facts)


def _start(spec: RunSpec, place: str) -> None:
    _start_now(spec, place, guess.points())  # as it is at this very click


def _start_now(spec: RunSpec, place: str, guessed: guesses.Points) -> None:
    try:
        live_state.start(spec, place, guessed)
    except UserError as failure:
        remark.leave(_FAILURE, failure)


def remark_standing() -> str:
    """Return why a press did nothing, for the moment that it is said."""
    return remark.standing(_FAILURE)


def _with_remark(words: Words) -> Words:
    return replace(words, detail=remark_standing() or words.detail)


def _watch(watches: bool) -> None:
    st.session_state[live_state.WATCHES] = watches
    st.session_state[live_state.REDRAW] = True


def _control(run_id: str, action: str) -> None:
    try:
        run_reading.store().control(run_id, action)
        pace.hurry()
    except UserError as failure:
        remark.leave(_FAILURE, failure)
