"""The instrument: transport, chart, probes and numbers, in one place that never changes its size."""

from dataclasses import replace

import streamlit as st

from pages._ui import (
    asking,
    enough_time,
    guess,
    language,
    live_controls,
    live_pulse,
    live_state,
    look_back,
    loss_chart,
    measures_strip,
    number_strip,
    own_answer,
    own_sentence,
    pace,
    page,
    phase_steps,
    probe_panel,
    recordings,
    replay,
    run_facts,
    run_reading,
    transport,
)
from pages._ui.live_parts import CHART, HEIGHT, PANEL, at_step, device, head, where_it_stands
from pages._ui.run_form import Asked
from ssl_core.errors import UserError
from ssl_core.i18n import _, current_language
from ssl_core.runs import presets, settled
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord

REPLAY_TICK_S = 1.0
WIDTHS = (1.38, 1.0)


def of_setup(asked: Asked) -> None:
    """Show the run being set up: a guess to make, and beside it a recorded run that replays."""
    recorded = recordings.like(asked.spec)
    if recorded is not None and st.session_state.get(live_state.WATCHES):
        language.fragment()(_watching)(asked, recorded)  # the reader's browser keeps the time
    else:
        language.fragment(run_every=max(REPLAY_TICK_S, pace.seconds()) if recorded is not None else None)(_guessing)(
            asked, recorded
        )


def of_run(run_id: str, *, is_over: bool) -> None:
    """Show a run; while it goes on the view refreshes by itself."""
    language.fragment()(_run)(run_id, is_over)


def of_recording() -> None:
    """Show a recorded run at its end, where there is no other to show."""
    readers_first = sorted(presets.PRESETS, key=lambda each: each.language != current_language())
    known = (recordings.recording(each.key) for each in readers_first)
    record = next((found for found in known if found is not None), None)
    if record is None:
        return
    page.note(_("Until then, a recorded run:"))
    chart, probes = st.columns(WIDTHS, gap="medium")
    with chart:
        _chart(record)
    with probes:
        _head(_("What it predicts"), _(record.name))
        probe_panel.show(record, height=PANEL, key="live.probes")
    number_strip.show(moment(record), device(record), settled.arithmetic(record), is_over=True)


def _guessing(asked: Asked, recorded: RunRecord | None) -> None:
    """Leave the curve to the learner; only what the recorded run predicts is shown."""
    _redraw_if_changed()
    second = replay.second_now(recorded) if recorded is not None else 0.0
    shown = recorded.until(second) if recorded is not None else guess.nothing_yet(asked.spec)
    live_controls.before_start(
        asked, run_facts.words(asked, has_guess=bool(guess.points())), has_recording=recorded is not None
    )
    enough_time.show(asked.spec, recorded)
    chart, probes = st.columns(WIDTHS, gap="medium")
    with chart:
        guess.show(asked.spec, recorded, height=HEIGHT)
    with probes:
        _head(_("What it predicts"), _recorded_note(recorded, second))
        probe_panel.show(_with_own(shown, asked), height=PANEL, key="live.probes")
        own_sentence.for_setup(asked.spec.task, asked.probes_key)
    number_strip.show(
        moment(shown), device(shown), settled.arithmetic(shown), hides_loss=not guess.points(), is_recorded=recorded is not None
    )


def _watching(asked: Asked, recorded: RunRecord) -> None:
    """Show the recorded run with its curve, over the guess if there is one; the learner owns the time."""
    _redraw_if_changed()
    live_controls.before_start(asked, run_facts.words(asked, is_watching=True), has_recording=True)
    enough_time.show(asked.spec, recorded)
    chart, probes = st.columns(WIDTHS, gap="medium")
    with probes:
        above, panel = st.container(), st.container()
        second = transport.show(f"live {recorded.id}", replay.length_of(recorded))
        shown = recorded.until(second)
        with above:
            _head(_("What it predicts"), _recorded_note(recorded, second))
        with panel:
            probe_panel.show(shown, height=PANEL, key="live.probes")
    with chart:
        _chart(replace(shown, guess=guess.points()))
    number_strip.show(moment(shown), device(shown), settled.arithmetic(shown), is_recorded=True)
    measures_strip.show(shown)


def _redraw_if_changed() -> None:
    if live_state.run_id() or st.session_state.pop(live_state.REDRAW, False):
        st.rerun()


def _chart(record: RunRecord) -> None:
    loss_chart.show(record, key="live.chart", height=CHART, is_live=record.status == "running")
    phase_steps.show(record)


def _run(run_id: str, is_over: bool) -> None:
    if live_state.run_id() != run_id:
        st.rerun()
    try:
        record = run_reading.record(run_id)
    except UserError:  # deleted a moment ago; the whole page says so
        st.rerun()
    if record.is_finished != is_over:
        st.rerun()
    live_controls.of_run(record, where_it_stands(record))
    enough_time.for_run(record)
    chart, probes = st.columns(WIDTHS, gap="medium")
    with chart:
        shown = guess.with_lines(record)
        loss_chart.show(shown, key="live.chart", height=CHART, is_live=record.status == "running")
        st.html(page.drawn(phase_steps.html(shown)))
    with probes:
        above, panel, below = st.container(), st.container(), st.container()
        with below:
            step = look_back.show(record) if is_over else None
            if not is_over:
                own_sentence.for_run(str(record.spec["task"]), run_id)
        own = own_sentence.asked_of(run_id) if is_over else ""
        answer = own_answer.asked(run_id, own) if own else None
        with above:
            at = at_step(moment(record).step if step is None else step)
            waits = asking.briefly() if answer is not None and answer.status == "waiting" else ""
            st.html(page.drawn(head(_("What it predicts"), waits or at)))
        with panel:
            until_step = float("inf") if step is None else step
            watched = own_answer.joined(record, own, answer) if answer is not None else record
            probe_panel.show(watched, height=PANEL, key="live.probes", until_step=until_step)
    st.html(page.drawn(number_strip.html(moment(record), device(record), settled.arithmetic(record), is_over=is_over)))
    if cells := measures_strip.html(record):
        st.html(page.drawn(cells))
    if not is_over:
        live_pulse.show(run_id, live_pulse.shape(record))
    if answer is not None:
        own_answer.wait(run_id, own, answer)


def _head(title: str, note: str) -> None:
    st.html(head(title, note))


def _recorded_note(recorded: RunRecord | None, second: float) -> str:
    if recorded is None:
        return ""
    note = _("Recording · {second} of {length} s")
    return note.format(second=f"{second:.0f}", length=f"{replay.length_of(recorded):.0f}")


def _with_own(shown: RunRecord, asked: Asked) -> RunRecord:
    """Let the learner's own sentences wait among the recorded ones."""
    return replace(shown, spec={**shown.spec, "probes": [*asked.spec.probes]})
