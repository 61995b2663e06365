"""Pretrain: watch one model learn, from the guess to what to notice."""

import streamlit as st

from pages._ui import (
    after_run,
    live_controls,
    live_state,
    live_style,
    live_view,
    loss_chart,
    menu,
    page,
    presets_bar,
    run_facts,
    run_form,
    run_reading,
    section,
    setup_address,
)
from ssl_core.errors import UserError
from ssl_core.i18n import _, current_language
from ssl_core.runs.spec import RunSpec

SETTINGS = "live-settings"


def show() -> None:
    """Lay the page out; settings stand below the instrument but are read before it."""
    presets, instrument, depth = st.container(), st.container(key="live-instrument"), st.container(key="live-depth")
    record = run_reading.record(run_id) if (run_id := live_state.run_id()) else None
    spec = RunSpec.from_json(record.spec) if record is not None else None
    setup_address.take()
    live_state.settle(current_language(), run_id, spec)
    with presets:
        presets_bar.show(spec)
    with depth:
        if record is not None and record.is_finished:
            after_run.lessons(spec.task, record)
            loss_chart.numbers(record, key="live-table")
            after_run.take_home(record)
        asked = settings(spec, run_id)
        if record is None or not record.is_finished:
            after_run.lessons(asked.spec.task)
    with instrument:
        if record is None:
            live_view.of_setup(asked)
        else:
            live_view.of_run(run_id, is_over=record.is_finished)
    setup_address.put(asked.spec) if record is None else setup_address.drop()


def settings(spec: RunSpec | None, run_id: str) -> run_form.Asked:
    """Show all settings to whoever opens them, and return what they say."""
    place = run_id or live_state.setup_id()
    with st.expander(_("All settings"), icon=":material/tune:", key=SETTINGS, on_change="rerun"):
        if not section.is_wanted(SETTINGS):
            return run_form.untouched(spec, place)
        asked = run_form.show(spec, place)
        live_controls.start_from_form(asked, run_facts.words(asked), run_id)
        return asked


def afresh() -> None:
    """Go back to where all was well: no run in the address, and no set-up that can't be."""
    menu.set_run_id("")
    setup_address.drop()


page.header(_("Live run"), _("What does a model learn in one minute of reading?"))
live_style.apply()
try:
    show()
except UserError as problem:
    page.message(problem)
    with st.container(key="live-ways-on", horizontal=True, vertical_alignment="center"):
        st.button(_("Set up a new run"), icon=":material/tune:", type="primary", on_click=afresh)
        menu.link("runs", _("Open the list of runs"))
    live_view.of_recording()
