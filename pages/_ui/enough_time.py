"""Where a run's budget is too short on this machine: what it would miss, and what helps, one click each."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from pages._ui import chart_data, live_state, machine_pace
from pages._ui.number_strip import minutes
from pages._ui.run_facts import short_count
from ssl_core import pretext
from ssl_core.i18n import _
from ssl_core.models.config import SIZES
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.training import estimates


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """One thing that lets a run come further here: its label, and the run."""

    name: str
    label: str
    spec: RunSpec


def show(spec: RunSpec, recorded: RunRecord | None) -> None:
    """Say that a run will stay above a baseline in its budget, and offer what takes it below; nothing where it gets there."""
    short = machine_pace.shortage(spec, recorded)
    if short is None:
        return
    with st.container(key="live-enough", horizontal=True, vertical_alignment="center", gap="small"):
        st.html(f'<p class="pp-note" role="status">{escape(told(spec, short))}</p>')
        for each in helps(spec, short):
            st.button(each.label, key=f"live.{each.name}", on_click=live_state.set_up, args=(each.spec,))


def told(spec: RunSpec, short: machine_pace.Outlook) -> str:
    """Say what a run needs and what it gets."""
    names = chart_data.LINES | getattr(pretext.task(spec.task), "LINES", {})
    words = _("Too short here: it takes about {needed} steps to get below “{line}”, and this machine makes {steps}.")
    return words.format(needed=short_count(short.needed), line=_(names[short.line]), steps=short_count(short.steps))


def helps(spec: RunSpec, short: machine_pace.Outlook) -> list[Help]:
    """Return what takes a run below the baseline on this machine: more time, or a smaller network in the same time."""
    pace, found = machine_pace.of(spec), []
    assert pace is not None, "a shortage is only known where the pace is"
    seconds = estimates.round_seconds(short.needed * pace.seconds_per_step)
    found.append(
        Help(name="longer", label=_("Take {time}").format(time=minutes(seconds)), spec=estimates.with_seconds(spec, seconds))
    )
    smaller = estimates.smaller(spec)
    pace = machine_pace.of(smaller) if smaller is not None else None
    if smaller is not None and pace is not None and estimates.steps_within(smaller, pace) >= short.needed:
        label = _("Take the network “{size}”").format(size=_(SIZES[smaller.model.size]))
        found.append(Help(name="smaller", label=label, spec=smaller))
    return found
