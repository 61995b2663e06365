"""Predict first: curves a learner may choose from, and how far a guess was from the curve that came.

A guess is a row of points (share of the budget 0..1, nats), ordered by share.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.i18n import N_
from ssl_core.runs.record import RunRecord

Points = tuple[tuple[float, float], ...]

SKETCHES: Mapping[str, tuple[str, tuple[tuple[float, float], ...]]] = {
    # title, points (share of the budget, height: 1 = blind guessing, 0 = the lowest that a minute may reach)
    "even": (N_("evenly"), ((0.0, 1.0), (1.0, 0.1))),
    "fast_then_slow": (
        N_("fast, then slowly"),
        ((0.0, 1.0), (0.04, 0.75), (0.1, 0.52), (0.2, 0.36), (0.35, 0.24), (0.6, 0.14), (1.0, 0.08)),
    ),
    "in_steps": (
        N_("in steps"),
        ((0.0, 1.0), (0.05, 0.68), (0.1, 0.62), (0.35, 0.6), (0.45, 0.42), (0.55, 0.32), (0.75, 0.27), (1.0, 0.24)),
    ),
    "late": (N_("late, all at once"), ((0.0, 1.0), (0.55, 0.96), (0.68, 0.85), (0.78, 0.35), (0.88, 0.16), (1.0, 0.1))),
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
    height = highest_nats - lowest_nats
    return tuple((share, lowest_nats + relative * height) for share, relative in SKETCHES[key][1])


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


def closeness(record: RunRecord) -> Closeness | None:
    """Compare the guess with the validation loss so far; None where there is no guess or no curve.

    The mean error is the area between the two curves, divided by the share of the budget that both cover.
    """
    is_measured = ~np.isnan(record.metrics["val_loss_nats"])
    shares = shares_of_budget(record)[is_measured]
    losses = record.metrics["val_loss_nats"][is_measured]
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
