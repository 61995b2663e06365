"""How far a run gets on this machine, by what was measured here, and how far it has to get, by its own recording."""

import math
from dataclasses import dataclass, replace

import numpy as np

from ssl_core import models
from ssl_core.models import speed
from ssl_core.models.sizes import SIZES
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec
from ssl_core.training import phases

SLACK = 1.5
"""A run is given so many times the steps that its recording took.

As many fell short in 3 of 6 trials, 1.25 times in 2 of 8, 1.5 times in none of 14 (docs/LOG.md).
"""

ROUND_S = (10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 300, 450, 600, 900, 1200, 1800)
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long a step takes on this machine: as a run of this kind took here, or reckoned from what its processor reaches."""

    seconds_per_step: float
    is_measured: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestones:
    """The steps at which a run came below the unigram baseline by a margin, and below the bigram baseline; None if never."""

    plateau: int | None
    bigram: int | None


def milestones(recorded: RunRecord) -> Milestones:
    """Return when a recorded run passed its plateau and the bigram baseline, between two validations in proportion."""
    lines = recorded.latest("baselines")
    if lines is None:
        return Milestones(plateau=None, bigram=None)
    bigram = lines.payload.get("bigram_nats")
    return Milestones(
        plateau=_passed(recorded, float(lines.payload["unigram_nats"]) - phases.MARGIN_NATS),
        bigram=_passed(recorded, float(bigram)) if bigram is not None else None,
    )


def enough(steps: int) -> int:
    """Return how many steps a run should be given that needs so many of a longer one."""
    return math.ceil(SLACK * steps)


def round_seconds(seconds: float) -> float:
    """Return the next time, at or above ``seconds``, that one would set a clock to."""
    return next((float(each) for each in ROUND_S if each >= seconds), math.ceil(seconds / HOUR_S) * HOUR_S)


def steps_within(spec: RunSpec, pace: Pace) -> float:
    """Return about how many steps a run takes."""
    training = spec.training
    if training.budget_unit == "seconds":
        return training.budget / pace.seconds_per_step
    if training.budget_unit == "steps":
        return training.budget
    return training.budget / (training.batch_size * training.accumulation * spec.model.context_tokens)


def with_seconds(spec: RunSpec, seconds: float) -> RunSpec:
    """Return the same run with a longer or shorter budget."""
    return replace(spec, training=replace(spec.training, budget=seconds, budget_unit="seconds", pace=()))


def smaller(spec: RunSpec) -> RunSpec | None:
    """Return the same run with the next smaller network; None where there is none, or where a start fixes the network."""
    sizes = list(SIZES)
    place = sizes.index(spec.model.size)
    if not place or spec.start:
        return None
    return replace(spec, model=replace(spec.model, size=sizes[place - 1]), training=replace(spec.training, pace=()))


def pace(spec: RunSpec, vocabulary_size: int, device: str = "cpu") -> Pace | None:
    """Return how fast a run is on this machine; None where nothing was measured on it yet."""
    kind = next((each for each in speed.FLOPS if device.startswith(each)), "cpu")
    if not speed.is_known(spec, kind):
        return None
    is_measured = speed.key(spec, kind) in speed.measured()
    return Pace(seconds_per_step=models.estimated_seconds_per_step(spec, vocabulary_size, kind), is_measured=is_measured)


def _passed(record: RunRecord, nats: float) -> int | None:
    losses, steps = record.metrics["val_loss_nats"], record.metrics["step"]
    is_there = ~np.isnan(losses)
    losses, steps = losses[is_there], steps[is_there]
    below = np.flatnonzero(losses <= nats)
    if not len(below):
        return None
    at = int(below[0])
    if not at:
        return int(steps[0])
    share = (losses[at - 1] - nats) / (losses[at - 1] - losses[at])
    return math.ceil(float(steps[at - 1] + share * (steps[at] - steps[at - 1])))
