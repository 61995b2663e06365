"""What is measured beside the loss: for each figure its newest value, what guessing would give, and how it went."""

from html import escape

import streamlit as st

from pages._ui import style
from pages._ui.number_strip import NOT_YET, three_digits
from ssl_core import mistakes, pretext
from ssl_core.i18n import _
from ssl_core.pretext import Measure
from ssl_core.runs.record import RunRecord

NUM_BARS = 24


def show(record: RunRecord) -> None:
    """Show a cell for each figure that the run's task declares; a task without any takes no room."""
    if cells := html(record):
        st.html(cells)


def html(record: RunRecord) -> str:
    """Return what ``show`` shows, "" where there is nothing."""
    task = str(record.spec["task"])
    declared = {**pretext.measures(task), **mistakes.measures(record.spec.get("mistake", ""))}
    history = {name: [each.payload[name] for each in record.events_of("measured") if name in each.payload] for name in declared}
    found = {name: each for name, each in declared.items() if history[name] or is_awaited(record, each)}
    cells = "".join(_cell(each, history[name]) for name, each in found.items())
    return f'<dl class="live-measures" style="--task: {style.task_colour(task)}">{cells}</dl>' if cells else ""


def is_awaited(record: RunRecord, measure: Measure) -> bool:
    """Return whether a figure that is not there yet will come."""
    return not record.is_finished and not measure.needs_labels


def _cell(measure: Measure, values: list[float]) -> str:
    value = three_digits(values[-1]) if values else NOT_YET
    beside = _("by chance {value}").format(value=three_digits(measure.chance)) if measure.chance is not None else ""
    bars = "".join(f'<i style="height: {share:.0%}"></i>' for share in _heights(measure, values))
    return (
        f'<div title="{escape(_(measure.help))}"><dt>{escape(_(measure.title))}</dt>'
        f'<dd>{escape(value)} <small>{escape(beside)}</small></dd><span class="bars" aria-hidden="true">{bars}</span></div>'
    )


def _heights(measure: Measure, values: list[float]) -> list[float]:
    """Return how high the bars are, at most ``NUM_BARS`` from the beginning to now: shares of 1, or of the range so far."""
    if not values:
        return []
    places = sorted({round(number * (len(values) - 1) / max(NUM_BARS - 1, 1)) for number in range(NUM_BARS)})
    low, high = (0.0, 1.0) if measure.best == 1.0 and min(values) >= 0 else (min(values), max(values))
    return [max(0.04, min(1.0, (values[place] - low) / ((high - low) or 1.0))) for place in places]
