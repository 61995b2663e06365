"""What a run has to tell, kept in order while somebody else has locked the store: training goes on meanwhile."""

import logging
import time
from collections import deque
from collections.abc import Callable

from sqlalchemy.exc import OperationalError

from ssl_core.runs import patience, unusable

MAX_WAITING = 2_000  # an hour of points and probes; some megabytes
PATIENCE_S = 0.25  # a step of training waits no longer than this
AGAIN_S = 1.0
Write = Callable[[], bool]
"""One transaction that is written whole or not at all; False where the run is no longer ours."""
log = logging.getLogger(__name__)


class LostRun(Exception):  # noqa: N818  nothing is wrong: somebody else has the run, or it is gone
    """The run is no longer this worker's; whatever it would write is not wanted."""


class Outbox:
    """Writes one after the other, each once. Used by one thread.

    What a locked store does not take waits in memory, at most ``MAX_WAITING`` of it: then the run waits, too.
    """

    def __init__(self) -> None:
        self._waiting: deque[Write] = deque()
        self._next_try = 0.0
        self._num_late = 0

    @property
    def num_waiting(self) -> int:
        """How much could not be written yet."""
        return len(self._waiting)

    def put(self, write: Write) -> None:
        """Write, now or, where the store is locked, as soon as it is not.

        Raises: LostRun if the run is no longer this worker's; OperationalError if the store can't be used otherwise.
        """
        self._waiting.append(write)
        self.flush()
        while len(self._waiting) > MAX_WAITING:
            time.sleep(AGAIN_S)
            self.flush()

    def flush(self, *, at_once: bool = False) -> bool:
        """Write what waits if it is time to try again; False if some of it waits on.

        Raises: as ``put``.
        """
        if self._waiting and not at_once and time.monotonic() < self._next_try:
            return False
        while self._waiting:
            try:
                with patience.of(PATIENCE_S):
                    was_written = self._waiting[0]()
            except OperationalError as reason:
                if not unusable.is_busy(reason):
                    raise
                self._note_locked(reason)
                return False
            self._waiting.popleft()
            if not was_written:
                self._waiting.clear()
                raise LostRun
        self._note_written()
        return True

    def give_up(self) -> int:
        """Drop what waits, and return how much it was."""
        num_dropped = len(self._waiting)
        self._waiting.clear()
        return num_dropped

    def _note_locked(self, reason: OperationalError) -> None:
        self._next_try = time.monotonic() + AGAIN_S
        if not self._num_late:
            log.warning("the store is locked (%s): training goes on, what it tells is written later", reason.orig)
        self._num_late = max(self._num_late, len(self._waiting))

    def _note_written(self) -> None:
        if self._num_late:
            log.warning("the store is free again: %d reports were written late", self._num_late)
        self._num_late, self._next_try = 0, 0.0
