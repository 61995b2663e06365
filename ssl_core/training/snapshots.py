"""When to look at the probe sentences, and when to save: often early, rarely later, never for more than a share of time."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.027
SHARE_OF_WEIGHTS = 0.003  # of keeping nothing but the weights, which is quick; both together stay below 3 %
FIRST_GAP_S = 0.5
GROWTH = 1.18


class SnapshotSchedule:
    """Says when a snapshot is due. It changes nothing about the training but the time that is left for it.

    The rule: gaps grow by 18 % each, and a snapshot waits until all before it, with as much again as the last one took,
    fit their share: so much of the seconds spent, or, where the budget in seconds is known, so much of the whole budget times
    the square root of the share that is spent, so that more of them fall early, where the network changes fast.
    """

    def __init__(self, clock: Callable[[], float], budget_s: float | None = None, share: float = SHARE) -> None:
        """Go by ``clock``."""
        self._clock, self._budget_s, self._share = clock, budget_s, share
        self._next_s = 0.0
        self._gap_s = FIRST_GAP_S
        self._has_begun = False
        self.spent_s = 0.0
        self._last_s = 0.0

    def is_due(self, is_last: bool) -> bool:
        """Return whether now is the time; the first and the last step always are."""
        now_s = self._clock()
        is_time = now_s >= self._next_s and self.spent_s + self._last_s <= self._allowed_s(now_s)
        if self._has_begun and not is_last and not is_time:
            return False
        self._has_begun = True
        self._next_s = now_s + self._gap_s
        self._gap_s *= GROWTH
        self._last_s = 0.0
        return True

    def _allowed_s(self, now_s: float) -> float:
        if self._budget_s is None:
            return self._share * now_s
        return self._share * math.sqrt(now_s * self._budget_s)

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what is done inside as part of a snapshot."""
        started_s = self._clock()
        try:
            yield
        finally:
            took_s = self._clock() - started_s
            self.spent_s += took_s
            self._last_s += took_s
