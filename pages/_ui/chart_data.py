"""What a loss chart is drawn from: thinned curves, named lines, flags, and the axis of time."""

import json
import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from pages._ui import phase_words, recordings
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.runs import fitting
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.training import phases

Points = list[list[float]]
COLUMNS = {"seconds": "elapsed_s", "steps": "step", "tokens": "tokens"}
NUM_CELLS = 200  # a curve keeps at most one point in each cell of the x axis
NUM_ROWS = 12
FLOOR, SAME = "floor_nats", 1e-4
LINES = {
    "uniform_nats": N_("guessing blindly (uniform)"),
    "unigram_nats": N_("word frequencies only"),
    "bigram_nats": N_("bigram model, both sides"),
    "floor_nats": N_("best possible (floor)"),
}


def validation(record: RunRecord, unit: str) -> Points:
    """Return the validation loss against ``unit``: the last measurement in each cell."""
    x, y, cells = _measured_in_cells(record, "val_loss_nats", unit)
    is_last = np.append(cells[1:] != cells[:-1], True) if len(cells) else np.zeros(0, bool)
    return _points(x[is_last], y[is_last])


def training(record: RunRecord, unit: str) -> Points:
    """Return the training loss against ``unit``: the mean of each cell, so that old points never move."""
    x, y, cells = _measured_in_cells(record, "train_loss_nats", unit)
    if not len(cells):
        return []
    starts = np.flatnonzero(np.append(True, cells[1:] != cells[:-1]))
    counts = np.diff(np.append(starts, len(cells)))
    return _points(np.add.reduceat(x, starts) / counts, np.add.reduceat(y, starts) / counts)


def guess(record: RunRecord) -> Points:
    """Return the learner's guess over the run's budget."""
    budget = float(record.spec["training"]["budget"])
    return [[share * budget, nats] for share, nats in record.guess]


def measured(record: RunRecord, name: str) -> npt.NDArray[np.float64]:
    """Return a metric where it was measured."""
    values = record.metrics[name]
    return values[~np.isnan(values)]


def lowest_loss(record: RunRecord) -> float | None:
    """Return the best validation loss of a run, None where none was measured."""
    losses = measured(record, "val_loss_nats")
    return float(losses.min()) if len(losses) else None


def baselines(record: RunRecord) -> Mapping[str, Any]:
    """Return what the run measured before it learned, {} where it has not yet.

    A floor takes longest to work out, and a short run may be over by then: a recording with the same lines knows it.
    """
    found = record.latest("baselines")
    if found is None or found.payload.get(FLOOR) is not None:
        return found.payload if found is not None else {}
    known = _of_recording(json.dumps(record.spec), str(recordings.folder()))
    return {**found.payload, FLOOR: known.get(FLOOR)} if _are_same(known, found.payload) else found.payload


def _are_same(known: Mapping[str, Any], measured: Mapping[str, Any]) -> bool:
    """Return whether both were measured on one validation set: other lines than these differ in the third digit."""
    names = [name for name in ("uniform_nats", "unigram_nats", "bigram_nats") if measured.get(name) is not None]
    return all(math.isclose(known.get(name) or math.nan, measured[name], rel_tol=SAME) for name in names)


@lru_cache(maxsize=128)
def _of_recording(spec: str, _folder: str) -> Mapping[str, Any]:
    """Return the lines of the recording that asks the same of the same text; {} where there is none."""
    try:
        asked = RunSpec.from_json(json.loads(spec))
    except UserError:  # a run of another version
        return {}
    recorded = recordings.like(asked)
    if recorded is None or not fitting.has_same_baselines(asked, recorded.spec):
        return {}
    found = recorded.latest("baselines")
    return found.payload if found is not None else {}


def lines(record: RunRecord) -> list[dict[str, Any]]:
    """Return the lines to stand on the chart, each with its name in plain words."""
    known, names = baselines(record), LINES | getattr(pretext.task(str(record.spec["task"])), "LINES", {})
    found = [{"y": known[key], "name": _(name)} for key, name in names.items() if known.get(key) is not None]
    return [each for place, each in enumerate(found) if each["y"] not in [other["y"] for other in found[place + 1 :]]]


def is_one_kind(records: Sequence[RunRecord]) -> bool:
    """Return whether the runs' losses may be read on one axis: the same task on the same tokens.

    A run with a mistake in it is judged as if there were none, so it may stand beside the others.
    """
    names = ("task", "task_settings", "corpus", "tokenizer")
    kinds = [(*(each.spec[name] for name in names), each.spec["training"].get("training_tokens", 0)) for each in records]
    return bool(kinds) and all(kind == kinds[0] for kind in kinds)


def flags(record: RunRecord, unit: str) -> list[dict[str, Any]]:
    """Return what happened on the way: phases reached, pauses, an early end."""
    found = []
    known = baselines(record)
    reached, names = 0, phase_words.names(str(record.spec["task"]), known or None)
    for x, loss in validation(record, unit) if known else []:
        place = phases.PHASES.index(phases.phase(loss, known))
        if place > reached:
            found.append({"kind": "phase", "x": x, "y": loss, "title": names[phases.PHASES[place]]})
            reached = place
    titles = {
        "paused": _("paused"),
        "early_stopped": _("stopped early: no new best"),
        "moved_device": _("moved to another device"),
    }
    for each in record.events:
        if each.kind in titles:
            kind = "pause" if each.kind == "paused" else "end"
            found.append({"kind": kind, "x": _where(record, each.step, unit), "y": None, "title": titles[each.kind]})
    return found


def x_range(record: RunRecord, unit: str) -> tuple[float, float]:
    """Return the x axis: from the start to the budget, longer in steps of a tenth where a run goes beyond."""
    budget = float(record.spec["training"]["budget"])
    used = record.metrics[COLUMNS[unit]]
    reached = float(used[-1]) if len(used) else 0.0
    if unit != record.spec["training"]["budget_unit"]:
        return 0.0, _round_up(reached) or 1.0
    beyond = math.ceil((reached / budget - 1) / 0.1 - 0.2) if reached > budget else 0
    return 0.0, budget * (1 + 0.1 * max(0, beyond))


def table(record: RunRecord) -> list[dict[str, str]]:
    """Return a dozen rows of the run: x, step, training loss, validation loss."""
    is_validated = np.flatnonzero(~np.isnan(record.metrics["val_loss_nats"]))
    if not len(is_validated):
        return []
    chosen = is_validated[np.unique(np.linspace(0, len(is_validated) - 1, NUM_ROWS).round().astype(int))]
    x = record.metrics[COLUMNS[record.spec["training"]["budget_unit"]]]
    return [
        {
            "x": f"{x[row]:,.0f}",
            "step": f"{record.metrics['step'][row]:,.0f}",
            "train": _three_digits(record.metrics["train_loss_nats"][row]),
            "val": _three_digits(record.metrics["val_loss_nats"][row]),
        }
        for row in chosen
    ]


def _measured_in_cells(record: RunRecord, name: str, unit: str) -> tuple[npt.NDArray[np.float64], ...]:
    is_there = ~np.isnan(record.metrics[name])
    x, y = record.metrics[COLUMNS[unit]][is_there], record.metrics[name][is_there]
    return x, y, np.floor(x / (x_range(record, unit)[1] / NUM_CELLS))


def _points(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> Points:
    return [[float(f"{a:.6g}"), float(f"{b:.5g}")] for a, b in zip(x, y, strict=True)]


def _where(record: RunRecord, step: int, unit: str) -> float:
    """Return where a step lies on the x axis."""
    if not len(record.metrics["step"]):
        return 0.0
    return float(np.interp(step, record.metrics["step"], record.metrics[COLUMNS[unit]]))


def _round_up(value: float) -> float:
    """Return the next number of the row 1, 1.5, 2, 3, 5, 7, 10 … at or above ``value``."""
    if value <= 0:
        return 0.0
    power = 10 ** math.floor(math.log10(value))
    return next(each * power for each in (1, 1.5, 2, 3, 5, 7, 10) if each * power >= value * (1 - 1e-9))


def _three_digits(value: float) -> str:
    return "–" if np.isnan(value) else f"{value:#.3g}"
