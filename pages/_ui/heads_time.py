"""Heads through time: one measure of every head at the steps that are kept of a run, and where a head got its label."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from pages._ui import heads_map, inspected, loss_chart, page, style
from pages._ui.asking import together
from pages._ui.inspected import Model
from ssl_core.attention import heads
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _, sentences

MOST_STEPS, NUM_TEXTS, MOST_NAMED, NUM_HIGHEST = 12, 24, 6, 3
HEIGHT_PX = 380


def show(model: Model, key: str) -> None:
    """Ask about each of a dozen steps, and draw the measure of every head against them."""
    steps = spread(model.steps)
    if len(steps) < 3:
        page.note(_("Of this network no steps on the way are kept. Those of a run that you train here are."))
        return
    asked = [
        ("head_metrics", {"model": inspected.named(model, step), "num_texts": NUM_TEXTS, **inspected.texts(model)})
        for step in steps
    ]
    together(asked, lambda answers: _draw(model, steps, key, answers), place="heads-time")


def spread(steps: Sequence[int], most: int = MOST_STEPS) -> list[int]:
    """Return some of the steps, the first and the last among them, further apart the later they are."""
    if len(steps) <= most:
        return list(steps)
    last = len(steps) - 1
    return [steps[round(last * (number / (most - 1)))] for number in range(most)]


def _draw(model: Model, steps: Sequence[int], key: str, answers: Sequence[Answer]) -> None:
    tables = [heads_map.table(each.values, key) for each in answers]
    if any(each is None for each in tables):
        page.note(_("This measure asks about something that these texts do not have, or this network cannot see."))
        return
    values_NLH = [each["values_LH"] for each in tables if each is not None]
    born = births(steps, [each.values for each in answers], key)
    named = sorted(born, key=lambda each: born[each])[:MOST_NAMED] or highest(values_NLH[-1])
    loss_chart.draw(figure(model, steps, key, values_NLH, named, born), "heads.time")
    words = _("Layer {layer}, head {head}: “{label}” from step {step} on.")
    told = [
        words.format(layer=layer + 1, head=head + 1, label=_(heads_map.RULES_BY_KEY[label].title), step=f"{step:,}")
        for (layer, head), (step, label) in sorted(born.items(), key=lambda each: each[1])
    ]
    if not told:
        told = [_("No head gets a label by this measure and keeps it."), _("In colour: those that end highest.")]
    page.note(sentences(*told))


def births(steps: Sequence[int], answers: Sequence[Mapping[str, Any]], key: str) -> dict[tuple[int, int], tuple[int, str]]:
    """Return for each head the step from which on it has a label by this measure at every step, and the label."""
    found: dict[tuple[int, int], tuple[int, str]] = {}
    kept: dict[tuple[int, int], str] = {}
    for step, values in reversed(list(zip(steps, answers, strict=True))):
        now = {(each["layer"], each["head"]): each["label"] for each in values["labels"] if each["metric"] == key}
        kept = now if step == steps[-1] else {head: label for head, label in kept.items() if now.get(head) == label}
        found |= {head: (step, label) for head, label in kept.items()}
    return found


def highest(values_LH: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Return the heads of which a measure is largest, the largest first: (layer, head) each, counted from 0."""
    places = [(layer, head) for layer, row in enumerate(values_LH) for head in range(len(row))]
    return sorted(places, key=lambda each: -values_LH[each[0]][each[1]])[:NUM_HIGHEST]


def figure(
    model: Model,
    steps: Sequence[int],
    key: str,
    values_NLH: Sequence[Sequence[Sequence[float]]],
    named: Sequence[tuple[int, int]],
    born: Mapping[tuple[int, int], tuple[int, str]],
) -> dict[str, Any]:
    """Return the chart: a curve for each head; a few are named and coloured, the others stay pale; births have flags."""
    first = values_NLH[0]
    places = [(layer, head) for layer in range(len(first)) for head in range(len(first[0]))]
    curves = [
        loss_chart.curve(
            _("Layer {layer}, head {head}").format(layer=layer + 1, head=head + 1),
            [[step, values[layer][head]] for step, values in zip(steps, values_NLH, strict=True)],
            style.colour(named.index((layer, head))) if (layer, head) in named else "var(--pp-line)",
        )
        for layer, head in sorted(places, key=lambda each: each in named)  # those with a name above the others
    ]
    lows, highs = zip(*((min(map(min, each)), max(map(max, each))) for each in values_NLH), strict=True)
    metric = heads.metric(key)
    unit = {"nats": _("nats"), "tokens": _("tokens")}.get(metric.UNIT, _("share"))
    told = _("{measure} of {count} heads at {steps} steps.")
    return loss_chart.several(
        f"{model.key} {key}",
        curves,
        height=HEIGHT_PX,
        colour=style.task_colour(model.task),
        summary=told.format(measure=_(metric.TITLE), count=len(places), steps=len(steps)),
        legend=list(range(len(places) - len(named), len(places))),
        flags=[
            {"x": born[each][0], "y": None, "kind": "birth", "title": f"{each[0] + 1}.{each[1] + 1}"}
            for each in named
            if each in born
        ],
        x={"low": 0.0, "high": float(steps[-1]), "title": _("steps"), "unit": _("steps")},
        y={"low": min(0.0, *lows), "high": math.ceil(10 * max(highs) + 0.5) / 10, "title": f"{_(metric.TITLE)} ({unit})"},
        labels={**loss_chart.labels(), "unit": unit},
    )
