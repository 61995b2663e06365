"""What the engine does about runs that it did not start itself: those of an engine before it, and of terminals."""

import logging
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from ssl_core.engine import outcomes
from ssl_core.engine.processes import ProcessMark
from ssl_core.errors import UserError
from ssl_core.runs.held import HeldRuns, Row

MAX_ATTEMPTS = 2
log = logging.getLogger(__name__)


@dataclass(slots=True)
class Watch:
    """Looks at every held run again and again, and settles those whose holder is gone.

    A holder that was seen alive and then is gone: the run has failed. One that was gone when first looked at went down
    together with its engine, or the whole machine did: the run goes back into the queue, once, and on from its last
    checkpoint.
    """

    store: HeldRuns
    silence_s: float = 60.0
    seen_alive: set[str] = field(default_factory=set)
    _last_beats: dict[str, tuple[float | None, float]] = field(default_factory=dict)

    def label_abandoned_commands(self) -> None:
        """Label runs in a terminal whose command is gone; for use where no engine may be alive to do so."""
        for row in self.store.held():
            mark = ProcessMark.parse(row["worker"] or "")
            if mark is not None and mark.role == "command" and mark.is_here:
                self._settle_seen(row, mark)

    def forget_silences(self) -> None:
        """Count every silence from now on: while nobody could write, a silent worker was no hung one."""
        self._last_beats.clear()

    def look(self, own: Collection[str] = ()) -> None:
        """Look once; runs in ``own`` are watched more closely elsewhere, only their silence counts here."""
        held = self.store.held()
        for row in held:
            mark = ProcessMark.parse(row["worker"] or "")
            is_gone = mark is not None and mark.is_here and not mark.is_alive()
            if self._is_silent(row) and not is_gone:
                self._settle_silent(row, mark)
            elif row["id"] not in own and mark is not None and mark.is_here:
                self._settle_seen(row, mark)
        self._last_beats = {row["id"]: self._last_beats[row["id"]] for row in held if row["id"] in self._last_beats}
        self.seen_alive &= {row["id"] for row in held}

    def _settle_seen(self, row: Row, mark: ProcessMark) -> None:
        if mark.is_alive():
            self.seen_alive.add(row["id"])
        elif mark.role == "command":
            self._fail(row, outcomes.abandoned_command())
        elif row["id"] in self.seen_alive and mark.role == "worker":
            self._fail(row, outcomes.of_exit(None, ""))
        else:
            self._take_back(row)

    def _settle_silent(self, row: Row, mark: ProcessMark | None) -> None:
        if mark is None or not mark.is_here:
            self._take_back(row)
        elif mark.role == "worker" and mark.is_alive():
            log.warning("run %s: %s is silent and is ended", row["id"], mark)
            mark.kill()
            self._fail(row, outcomes.silent())

    def _take_back(self, row: Row) -> None:
        if row["attempt"] >= MAX_ATTEMPTS:
            self._fail(row, outcomes.lost_twice())
        elif self.store.requeue(row["id"], row["worker"]):
            log.warning("run %s: %s is gone; back into the queue", row["id"], row["worker"])

    def _fail(self, row: Row, failure: UserError) -> None:
        if self.store.finish(row["id"], "failed", failure=failure, worker=row["worker"]):
            log.warning("run %s failed: %s", row["id"], failure.message("en"))

    def _is_silent(self, row: Row) -> bool:
        """True if the heartbeat stood still for long by our own clock, which stands still while the machine sleeps."""
        now = time.monotonic()
        beat, since = self._last_beats.get(row["id"], (None, now))
        if beat != row["heartbeat_at"] or row["id"] not in self._last_beats:
            self._last_beats[row["id"]] = (row["heartbeat_at"], now)
            return False
        return now - since > self.silence_s
