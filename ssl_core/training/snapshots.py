"""When to look at the probe sentences and save: often early, rarely later, and never for more than a small share of time."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

SHARE = 0.03
FIRST_GAP_S = 0.5
GROWTH = 1.18


class SnapshotSchedule:
    """Says when a snapshot is due. It changes nothing about the training but the time that is left for it.

    The rule: gaps grow by 18 % each, and a snapshot also waits until all before it, with as much again as the last one
    took, make up at most 3 % of the seconds spent.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        """Go by ``clock``."""
        self._clock = clock
        self._next_s = 0.0
        self._gap_s = FIRST_GAP_S
        self._spent_s = 0.0
        self._last_s = 0.0

    def is_due(self, is_last: bool) -> bool:
        """Return whether now is the time; the last step always is."""
        now_s = self._clock()
        if is_last:
            return True
        if now_s < self._next_s or (self._next_s and self._spent_s + self._last_s > SHARE * now_s):
            return False
        self._next_s = now_s + self._gap_s
        self._gap_s *= GROWTH
        self._last_s = 0.0
        return True

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what is done inside as part of a snapshot."""
        started_s = self._clock()
        try:
            yield
        finally:
            took_s = self._clock() - started_s
            self._spent_s += took_s
            self._last_s += took_s
