"""How far a run has come, how large a step is there, and when it is time to look at held-out text."""

import math
from bisect import bisect_right
from collections.abc import Sequence

from ssl_core.training.config import TrainingConfig

NUM_LEVELS = 200
"""A budget in seconds is cut into this many levels. The learning rate and the validations depend on the level alone, so
that a run repeats exactly once it is known at which step each level was reached."""

NUM_VALIDATIONS = 36
VALIDATION_LEVELS = frozenset(max(1, round(NUM_LEVELS * (i / NUM_VALIDATIONS) ** 1.6)) for i in range(1, NUM_VALIDATIONS + 1))
"""Levels after which the validation loss is measured: dense early, where the curve bends. Step 0 has its own."""


def level(progress: float) -> int:
    """Return how many levels are complete, given the share of the budget that is spent."""
    return min(NUM_LEVELS, int(NUM_LEVELS * progress + 1e-9))


def level_by_pace(step: int, pace: Sequence[int]) -> int:
    """Return how many levels were complete after ``step`` steps in a run whose pace was kept."""
    return bisect_right(pace, step)


def is_validation_due(level_before: int, level_now: int) -> bool:
    """Return whether a step from one level to another has completed one after which the loss is measured."""
    return any(each in VALIDATION_LEVELS for each in range(level_before + 1, level_now + 1))


def learning_rate(progress: float, config: TrainingConfig) -> float:
    """Rise in a straight line during the warm-up, then fall as the schedule says.

    ``progress`` is the share of the budget that is spent, 0 to 1.
    Returns: the configured rate at the end of the warm-up, ``final_rate`` times that at the end of the budget, except
             for "constant", which stays.
    """
    if progress < config.warmup_rate:
        return config.learning_rate * progress / config.warmup_rate
    if config.schedule == "constant":
        return config.learning_rate
    share = min(1.0, (progress - config.warmup_rate) / (1 - config.warmup_rate))
    if config.schedule == "cosine":
        share = (1 - math.cos(math.pi * share)) / 2
    return config.learning_rate * (1 - share * (1 - config.final_rate))
