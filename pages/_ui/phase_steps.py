"""How far a model has come: the phases as a row of steps, the present one marked."""

from html import escape

import streamlit as st

from pages._ui import phase_words
from ssl_core.i18n import _
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases


def show(record: RunRecord) -> None:
    """Show the row of phases; before the first loss none is marked."""
    st.html(html(record))


def html(record: RunRecord) -> str:
    """Return what ``show`` shows."""
    reached, lines = place(record), record.latest("baselines")
    titles, steps = phase_words.names(str(record.spec["task"]), lines.payload if lines is not None else None), []
    for key, title in titles.items():
        number = phases.PHASES.index(key)
        state = "now" if number == reached else "past" if number < reached else "ahead"
        here = ' aria-current="step"' if state == "now" else ""
        flag = "⚑ " if number and state != "ahead" else ""  # as it stands on the axis of the chart
        steps.append(f'<li data-state="{state}"{here}>{flag}{escape(title)}</li>')
    columns = "" if len(titles) == len(phases.PHASES) else f' style="grid-template-columns: repeat({len(titles)}, 1fr)"'
    return f'<ol class="live-phases"{columns} aria-label="{escape(_("Phases of learning"))}">{"".join(steps)}</ol>'


def place(record: RunRecord) -> int:
    """Return the number of the phase a run is in, -1 before its first loss."""
    loss, lines = moment(record).val_loss_nats, record.latest("baselines")
    return -1 if loss is None or lines is None else phases.PHASES.index(phases.phase(loss, lines.payload))
