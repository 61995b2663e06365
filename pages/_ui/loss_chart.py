"""The loss chart: runs as curves among named lines. Data for assets/components/loss_chart*.js, which draws them.

Not st.plotly_chart: that is built anew at each tick in this version of Streamlit, and zoom and cursor with it.
"""

import textwrap
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import streamlit as st

from pages._ui import chart_data, loss_frame, phase_words, plain_table, section, style
from pages._ui.components import FOLDER
from ssl_core.i18n import N_, _
from ssl_core.runs.moment import newest
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases

HEIGHT_PX = 440
LEGEND_LINE_PX = 28
X_TITLES = {"seconds": N_("seconds of training"), "steps": N_("steps"), "tokens": N_("tokens read")}
X_UNITS = {"seconds": N_("s"), "steps": N_("steps"), "tokens": N_("tokens")}
MAX_NAME = 30
DASHES = ("", "10 5", "2 6", "14 5 2 5")


def show(record: RunRecord, key: str, *, height: int = HEIGHT_PX, is_live: bool = False) -> None:
    """Show one run: its losses, its guess and the named lines. ``key`` stays the same from tick to tick."""
    _component()(key=key, data=figure(record, height=height, is_live=is_live), height=height)


def compare(records: Sequence[RunRecord], key: str, *, against: str = "seconds", height: int = HEIGHT_PX) -> None:
    """Show the validation losses of several runs over each other, against seconds, steps or tokens."""
    _component()(key=key, data=comparison(records, against=against, height=height))


def draw(figure: Mapping[str, Any], key: str) -> None:
    """Draw a figure made elsewhere, of the form that ``several`` returns; its legend may take a second line."""
    _component()(key=key, data=figure, height=figure["height"] + LEGEND_LINE_PX)


def numbers(record: RunRecord, key: str) -> None:
    """Offer the same run as a table, for those who cannot or would rather not read a chart."""
    section.show(_("Show the numbers"), table, record, key=key, icon=":material/table:")


def table(record: RunRecord) -> None:
    """Show a dozen moments of a run in numbers."""
    unit = record.spec["training"]["budget_unit"]
    titles = {"x": _(X_TITLES[unit]), "step": _("step"), "train": _("training loss"), "val": _("validation loss")}
    if unit == "steps":
        del titles["x"]  # the step itself
    rows = [{title: row[name] for name, title in titles.items()} for row in chart_data.table(record)]
    plain_table.show(rows or [dict.fromkeys(titles.values(), "–")])


def figure(record: RunRecord, *, height: int = HEIGHT_PX, is_live: bool = False) -> dict[str, Any]:
    """Return the chart of one run: at most 500 points, axes that only grow in steps."""
    unit = record.spec["training"]["budget_unit"]
    guess = chart_data.guess(record)
    curves = [
        {"kind": "training", "name": _("in training"), "points": chart_data.training(record, unit)},
        {"kind": "guess", "name": _("your guess"), "points": guess},
        {"kind": "validation", "name": _("validation"), "points": chart_data.validation(record, unit), "isMain": True},
    ]
    low_x, high_x = chart_data.x_range(record, unit)
    low_y, high_y = loss_frame.of(record)
    return {
        "id": record.id,
        "part": f"chart {record.id}",
        "height": height,
        "colour": style.task_colour(str(record.spec["task"])),
        "isLive": bool(is_live),  # a numpy truth would not travel
        "summary": summary(record),
        "curves": curves,
        "legend": [2, 0, 1] if guess else [2, 0],
        "lines": chart_data.lines(record),
        "flags": chart_data.flags(record, unit),
        "x": {"low": low_x, "high": high_x, "title": _(X_TITLES[unit]), "unit": _(X_UNITS[unit])},
        "y": {"low": low_y, "high": high_y, "title": _y_title(record)},
        "labels": labels(),
    }


def comparison(records: Sequence[RunRecord], *, against: str = "seconds", height: int = HEIGHT_PX) -> dict[str, Any]:
    """Return the chart of several runs; the named lines only where they hold for all of them."""
    ranges = [chart_data.x_range(each, against) for each in records] or [(0.0, 60.0)]
    low_y, high_y = loss_frame.of_all(records)
    colours = style.run_colours([str(each.spec["task"]) for each in records])
    curves = [
        curve(
            textwrap.shorten(each.name, MAX_NAME, placeholder="…"),
            chart_data.validation(each, against),
            colours[place],
            DASHES[(place // len(style.COLOURS)) % len(DASHES)],
        )
        for place, each in enumerate(records)
    ]
    told = _("Validation losses of {count} runs. {each}").format(
        count=len(records), each=" ".join(summary(each) for each in records)
    )
    return several(
        f"{' '.join(each.id for each in records)} {against}",
        curves,
        height=height,
        summary=told,
        lines=chart_data.lines(records[0]) if chart_data.is_one_kind(records) else (),
        x={"low": 0.0, "high": max(high for _low, high in ranges), "title": _(X_TITLES[against]), "unit": _(X_UNITS[against])},
        y={"low": low_y, "high": high_y, "title": _("validation loss (nats per predicted token)")},
    )


def curve(name: str, points: chart_data.Points, colour: str, dash: str = "") -> dict[str, Any]:
    """Return one of several curves of the same rank."""
    return {"kind": "run", "name": name, "points": points, "colour": colour, "dash": dash, "isMain": True}


def several(
    name: str,
    curves: Sequence[Mapping[str, Any]],
    *,
    height: int,
    summary: str,
    x: Mapping[str, Any],
    y: Mapping[str, Any],
    lines: Sequence[Mapping[str, Any]] = (),
    **others: Any,
) -> dict[str, Any]:
    """Return a chart of curves of the same rank for ``draw``; ``name`` changes where another chart takes its place.

    ``others`` change what is usual: all curves in the legend, no flags, nothing alive, nats.
    """
    return {
        "id": name, "height": height, "colour": style.colour(0), "isLive": False, "summary": summary, "curves": list(curves),
        "legend": list(range(len(curves))), "lines": list(lines), "flags": [], "x": dict(x), "y": dict(y), "labels": labels(),
        **others,
    }  # fmt: skip


def summary(record: RunRecord) -> str:
    """Say in words what the chart of a run shows."""
    loss = newest(record, "val_loss_nats")
    if loss is None:
        return _("{name}: no loss was measured yet.").format(name=record.name)
    first = chart_data.measured(record, "val_loss_nats")[0]
    said = _("{name}: the validation loss went from {first:.3g} to {loss:.3g} nats in {seconds:.0f} seconds.").format(
        name=record.name, first=first, loss=loss, seconds=float(record.metrics["elapsed_s"][-1])
    )
    baselines = chart_data.baselines(record)
    if not baselines:
        return said
    return f"{said} {phase_words.names(str(record.spec['task']), baselines)[phases.phase(loss, baselines)]}."


def _y_title(record: RunRecord) -> str:
    asks_answers = phase_words.asks_answers(chart_data.baselines(record) or None)
    return _("loss (nats per answer)") if asks_answers else _("loss (nats per predicted token)")


def labels() -> Mapping[str, str]:
    """Return the chart's own words."""
    return {
        "whole": _("Whole run"),
        "unit": _("nats"),
        "above": _("goes up to {value}"),
        "below": _("goes down to {value}"),
        "paused": _("paused"),
    }


@cache
def _component() -> Any:
    parts = ("loss_chart_parts.js", "read_by_keys.js", "loss_chart_cursor.js", "loss_chart.js")
    script = "\n".join((FOLDER / part).read_text(encoding="utf-8") for part in parts)
    html, css = ((FOLDER / f"loss_chart.{kind}").read_text(encoding="utf-8") for kind in ("html", "css"))
    return st.components.v2.component("playground_loss_chart", html=html, css=css, js=script)
