"""How much of a run is left, in seconds, steps or tokens.

A token is one that the network reads: padding does not count, nor does what a decoder writes.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Protocol

import numpy as np

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.training import schedules
from ssl_core.training.batches import Batch
from ssl_core.training.config import TrainingConfig

VALIDATION_SHARE = 0.07  # of a budget in seconds; where validations cost more, some are left out


class Counts(Protocol):
    """What the budget reads and writes of the loop's state."""

    step: int
    tokens: int
    pace: list[int]
    validations_s: float
    longest_validation_s: float


class Budget:
    """Knows the share that is spent, the level reached and whether another step fits.

    In seconds: the last validation's time is set aside, and no step is begun that would not end in time, going by how
    long the last ones took. With the ``pace`` of an earlier run, levels go by steps instead, and that run repeats.
    """

    def __init__(self, config: TrainingConfig, counts: Counts, clock: Callable[[], float]) -> None:
        """Count on from where ``counts`` stands."""
        self._config, self._counts, self._clock = config, counts, clock
        self._unit = "pace" if config.budget_unit == "seconds" and config.pace else config.budget_unit
        self._step_s = 0.0
        self._longest_sequence = 1
        self.level = len(counts.pace)

    def progress(self, step: list[Batch]) -> float:
        """Return the share of the budget that is spent half-way through a step; in seconds, the middle of the level reached.

        So no step is taken at the very beginning, where the learning rate is 0, and none at the very end.
        """
        if self._unit in ("seconds", "pace"):
            return (min(self.level, schedules.NUM_LEVELS - 1) + 0.5) / schedules.NUM_LEVELS
        is_in_steps = self._unit == "steps"
        done = self._counts.step if is_in_steps else self._counts.tokens
        taken = 1 if is_in_steps else sum(batch.num_tokens for batch in step)
        return min(1.0, (done + taken / 2) / self._config.budget)

    def next_step(self, batches: Iterator[Batch]) -> list[Batch]:
        """Draw the batches of one step; with a budget in tokens, the last step has only as many sequences as fit.

        Should a sequence longer than any before come last and not fit, it is taken whole all the same.
        Raises: UserError if not even one sequence fits a budget in tokens.
        """
        drawn = list(islice(batches, self._config.accumulation))
        return self._cut_to_fit(drawn) if self._unit == "tokens" else drawn

    def _cut_to_fit(self, drawn: list[Batch]) -> list[Batch]:
        left, kept = int(self._config.budget - self._counts.tokens), []
        for batch in drawn:
            lengths = batch.tokens_by_sequence
            self._longest_sequence = max(self._longest_sequence, *lengths)
            num_fitting = int(np.searchsorted(np.cumsum(lengths), left, side="right"))
            fitting = batch if num_fitting == len(lengths) else batch.first(num_fitting)
            left -= fitting.num_tokens
            kept += [fitting] if num_fitting else []
        if not kept and not self._counts.tokens:
            raise UserError(
                N_("A budget of {budget:g} tokens is less than one sequence of {context}. Give more."),
                budget=self._config.budget,
                context=drawn[0].tokens_by_sequence[0],
            )
        return kept or [drawn[0].first(1)]

    def note_step(self, step_s: float) -> None:
        """Take note of a step just taken and of how long it took."""
        self._step_s = 0.8 * self._step_s + 0.2 * step_s if self._step_s else step_s
        if self._unit == "pace":
            self.level = schedules.level_by_pace(self._counts.step, self._config.pace)
        else:
            self.level = max(self.level, schedules.level(self._spent()))
        self._counts.pace.extend([self._counts.step] * (self.level - len(self._counts.pace)))

    def is_spent(self) -> bool:
        """Return whether no other step fits."""
        if self._unit == "seconds":
            return self._clock() + self._step_s + self._counts.longest_validation_s > self._config.budget
        if self._unit == "pace":
            return self._counts.step >= self._config.pace[-1]
        if self._unit == "steps":
            return self._counts.step >= self._config.budget
        return self._config.budget - self._counts.tokens < self._longest_sequence

    def allows_validation(self) -> bool:
        """Return whether validations have not yet taken their share of the time; more of them fall early.

        Where the run's course depends on them (patience), or time is not what is counted, none is left out.
        """
        if self._unit != "seconds" or self._config.patience:
            return True
        allowed_s: float = VALIDATION_SHARE * self._config.budget * self._spent() ** 0.5
        return self._counts.validations_s <= allowed_s

    def close(self) -> None:
        """Complete the pace: the levels that are left are reached at the last step."""
        self._counts.pace.extend([self._counts.step] * (schedules.NUM_LEVELS - len(self._counts.pace)))

    def _spent(self) -> float:
        done = {"steps": self._counts.step, "tokens": self._counts.tokens}
        return (done[self._unit] if self._unit in done else self._clock()) / self._config.budget
