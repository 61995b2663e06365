"""Two runs on one chart: the right one, the broken one judged fairly, and what the author of the mistake sees."""

import math
from typing import Any

from pages._ui import chart_data, loss_chart, loss_frame, style
from ssl_core import mistakes
from ssl_core.i18n import _
from ssl_core.mistakes.base import AUTHOR, IN_USE, TRAINING
from ssl_core.runs.moment import newest
from ssl_core.runs.record import RunRecord

BROKEN_COLOUR = 2  # vermilion
MOST_BEYOND = 1.6  # the chart goes so many times as high as blind guessing, and no higher
STEP_NATS = 0.5


def show(right: RunRecord, broken: RunRecord, key: str, *, watched: str, height: int, hides_broken: bool = False) -> None:
    """Draw both runs as far as they are; ``hides_broken`` as long as the guess is open."""
    loss_chart.draw(figure(right, broken, watched=watched, height=height, hides_broken=hides_broken), key)


def figure(right: RunRecord, broken: RunRecord, *, watched: str, height: int, hides_broken: bool = False) -> dict[str, Any]:
    """Return what the chart draws."""
    colour, unit = style.colour(BROKEN_COLOUR), unit_of(right)
    curves = [loss_chart.curve(_("right"), chart_data.validation(right, unit), style.colour(0))]
    if watched == IN_USE and (usual := as_watched(right, watched)):
        curves.append(loss_chart.curve(_("right, tokens hidden"), usual, style.colour(0), "3 6"))
    if not hides_broken:
        curves.append(loss_chart.curve(_("broken"), chart_data.validation(broken, unit), colour))
        if (seen := as_watched(broken, watched)) is not None:
            name = _("broken, tokens hidden") if watched == IN_USE else _("as its (mistaken) author measures it")
            curves.append(loss_chart.curve(name, seen, colour, "3 6"))
    low, high = _y_range(right, curves)
    return loss_chart.several(
        f"{right.id} {broken.id}",
        curves,
        height=height,
        isLive=right.status == "running" or broken.status == "running",
        summary=summary(right, broken, watched=watched) if not hides_broken else loss_chart.summary(right),
        lines=chart_data.lines(right),
        x={
            "low": 0.0,
            "high": max(chart_data.x_range(each, unit)[1] for each in (right, broken)),
            "title": _(loss_chart.X_TITLES[unit]),
            "unit": _(loss_chart.X_UNITS[unit]),
        },
        y={"low": low, "high": high, "title": _("loss (nats)")},
    )


def unit_of(record: RunRecord) -> str:
    """Return what the run's budget counts: seconds where it was live, steps where it was recorded."""
    return str(record.spec["training"]["budget_unit"])


def as_watched(record: RunRecord, watched: str) -> chart_data.Points | None:
    """Return the curve that the author of a mistake looks at, None where it is the validation loss itself."""
    unit = unit_of(record)
    if watched in (AUTHOR, IN_USE):
        events = [each for each in record.events_of("measured") if mistakes.AS_SEEN in each.payload]
        return [[each.elapsed_s if unit == "seconds" else each.step, float(each.payload[mistakes.AS_SEEN])] for each in events]
    return chart_data.training(record, unit) if watched == TRAINING else None


def watched_end(record: RunRecord, watched: str) -> float | None:
    """Return where that curve has come to."""
    points = as_watched(record, watched)
    return newest(record, "val_loss_nats") if points is None else points[-1][1] if points else None


def summary(right: RunRecord, broken: RunRecord, *, watched: str) -> str:
    """Say in words where the curves have come to."""
    ends = (newest(right, "val_loss_nats"), newest(broken, "val_loss_nats"), watched_end(broken, watched))
    if any(each is None for each in ends):
        return _("No loss was measured yet.")
    words = _("Right: {right:.3g} nats. Broken: {broken:.3g} nats; its author sees {seen:.3g}.")
    return words.format(right=ends[0], broken=ends[1], seen=ends[2])


def _y_range(right: RunRecord, curves: list[dict[str, Any]]) -> tuple[float, float]:
    """Return the axis of the right run, further down and up in steps where the broken one goes beyond, within reason."""
    low, high = loss_frame.of(right)
    values = [y for curve in curves for _x, y in curve["points"]]
    most = MOST_BEYOND * (high - loss_frame.ROOM_ABOVE)
    if values and max(values) > high:
        high = min(math.ceil((max(values) + 0.1) / STEP_NATS) * STEP_NATS, most)
    if values and min(values) < low + 0.1:
        low = max(0.0, math.floor((min(values) - 0.1) / STEP_NATS) * STEP_NATS)
    return low, high
