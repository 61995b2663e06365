"""Predict first: curves a learner may choose from, and how far a guess was from the curve that came.

A guess is a row of points (share of the budget 0..1, nats), ordered by share.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.i18n import N_
from ssl_core.runs.record import RunRecord

Points = tuple[tuple[float, float], ...]

NUM_SKETCH_POINTS = 61


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


SKETCHES: Mapping[str, tuple[str, Callable[[float], float]]] = {
    # title, height (1 = blind guessing, 0 = the lowest that a minute may reach) at a share of the budget
    "even": (N_("evenly"), lambda share: 1 - 0.9 * share),
    "fast_then_slow": (N_("fast, then slowly"), lambda share: 0.07 + 0.93 * math.exp(-share / 0.14)),
    "in_steps": (N_("in steps"), lambda share: 0.24 + 0.34 * math.exp(-share / 0.03) + 0.42 * _sigmoid((0.45 - share) / 0.045)),
    "late": (N_("late, all at once"), lambda share: 0.08 + 0.92 * _sigmoid((0.7 - share) / 0.045)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Closeness:
    """How a guess compares with the curve that came."""

    mean_error_nats: float
    last_guess_nats: float
    last_loss_nats: float
    share: float  # of the budget, up to which both are known


def sketch(key: str, highest_nats: float, lowest_nats: float) -> Points:
    """Return one of the ready-made guesses, stretched between two losses."""
    height_at = SKETCHES[key][1]
    shares = [number / (NUM_SKETCH_POINTS - 1) for number in range(NUM_SKETCH_POINTS)]
    span_nats = (highest_nats - lowest_nats) / height_at(0.0)
    return tuple((share, round(lowest_nats + span_nats * height_at(share), 4)) for share in shares)


def clean(points: Any, highest_nats: float) -> Points:
    """Return what came from a browser as a guess: finite numbers within the axes, ordered by share; () if it is none."""
    if not isinstance(points, Sequence) or isinstance(points, str):
        return ()
    kept = {}
    for point in points[:200]:
        if isinstance(point, Sequence) and len(point) == 2 and all(isinstance(value, (int, float)) for value in point):
            share, nats = float(point[0]), float(point[1])
            if np.isfinite(share) and np.isfinite(nats):
                kept[round(min(max(share, 0.0), 1.0), 4)] = round(min(max(nats, 0.0), highest_nats), 4)
    return tuple(sorted(kept.items())) if len(kept) >= 2 else ()


def shares_of_budget(record: RunRecord) -> npt.NDArray[np.float64]:
    """Return for each report how much of the run's budget (seconds, steps or tokens) was used, 0..1."""
    training = record.spec["training"]
    used = {"seconds": "elapsed_s", "steps": "step", "tokens": "tokens"}[training["budget_unit"]]
    return np.asarray(record.metrics[used] / training["budget"])


def validation_curve(record: RunRecord) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return the shares of the budget at which the validation loss was measured, and the losses."""
    is_measured = ~np.isnan(record.metrics["val_loss_nats"])
    return shares_of_budget(record)[is_measured], record.metrics["val_loss_nats"][is_measured]


def closeness(record: RunRecord) -> Closeness | None:
    """Compare the guess with the validation loss so far; None where there is no guess or no curve.

    The mean error is the area between the two curves, divided by the share of the budget that both cover.
    """
    shares, losses = validation_curve(record)
    if not record.guess or len(losses) < 2 or shares[-1] <= shares[0]:
        return None
    guess = np.asarray(record.guess)
    grid = np.linspace(shares[0], shares[-1], 401)
    gaps = np.abs(np.interp(grid, guess[:, 0], guess[:, 1]) - np.interp(grid, shares, losses))
    return Closeness(
        mean_error_nats=float(gaps.mean()),
        last_guess_nats=float(np.interp(shares[-1], guess[:, 0], guess[:, 1])),
        last_loss_nats=float(losses[-1]),
        share=float(shares[-1]),
    )
