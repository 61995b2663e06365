"""How far a model has come: the phases as a row of steps, the present one marked."""

from collections.abc import Mapping
from html import escape
from typing import Any

import streamlit as st

from ssl_core import pretext
from ssl_core.i18n import _
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases


def show(record: RunRecord) -> None:
    """Show the row of phases; before the first loss none is marked."""
    reached, lines = place(record), record.latest("baselines")
    titles, steps = names(str(record.spec["task"]), lines.payload if lines is not None else None), []
    for key, title in titles.items():
        number = phases.PHASES.index(key)
        state = "now" if number == reached else "past" if number < reached else "ahead"
        here = ' aria-current="step"' if state == "now" else ""
        steps.append(f'<li data-state="{state}"{here}>{escape(title)}</li>')
    columns = "" if len(titles) == len(phases.PHASES) else f' style="grid-template-columns: repeat({len(titles)}, 1fr)"'
    st.html(f'<ol class="live-phases"{columns} aria-label="{escape(_("Phases of learning"))}">{"".join(steps)}</ol>')


def names(task: str, lines: Mapping[str, Any] | None) -> dict[str, str]:
    """Return what the phases are called; where a task names the line of frequencies otherwise, so is the phase at that line."""
    titles = {key: _(title) for key, title in phases.titles(lines).items()}
    line = getattr(pretext.task(task), "LINES", {}).get("unigram_nats")
    if line is not None:
        titles["frequencies"] = _(line)[:1].upper() + _(line)[1:]
    return titles


def place(record: RunRecord) -> int:
    """Return the number of the phase a run is in, -1 before its first loss."""
    loss, lines = moment(record).val_loss_nats, record.latest("baselines")
    return -1 if loss is None or lines is None else phases.PHASES.index(phases.phase(loss, lines.payload))
