"""What a worker writes down about its run: reports, not too many of them, and what happens beside."""

import logging
import math
import shutil
import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Protocol

from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import outbox, outcomes
from ssl_core.engine.outbox import LostRun, Outbox
from ssl_core.errors import UserError
from ssl_core.runs import patience, unusable, weights
from ssl_core.runs.held import HeldRuns
from ssl_core.runs.record import METRIC_NAMES

__all__ = ["LostRun", "Report", "Reporter"]

GAP_S = 0.2
POINTS_OF_LONG_RUNS = 400
FINISH_TRIES = 20
FINISH_AGAIN_S = 0.5
FINISH_LOCKED_S = 600.0  # so long a run that is over waits for a locked store
log = logging.getLogger(__name__)


class Report(Protocol):
    """A step as the training loop tells it."""

    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def elapsed_s(self) -> float: ...  # noqa: D102
    @property
    def val_loss_nats(self) -> float | None: ...  # noqa: D102
    @property
    def measures(self) -> Mapping[str, float]: ...  # noqa: D102
    @property
    def is_last(self) -> bool: ...  # noqa: D102


class Reporter:
    """Writes for one run, as long as ``worker`` holds it; while somebody else has locked the store, later.

    Every validation, the first step and the last are kept at once; of the others one every 0.2 s, and in long runs one
    every 400th of the time, so that an hour's chart is no heavier than it must be.
    """

    def __init__(self, store: HeldRuns, run_id: str, worker: str) -> None:
        self.store, self.run_id, self.worker = store, run_id, worker
        self.step, self.elapsed_s = 0, 0.0
        self._outbox = Outbox()
        self._latest: Report | None = None
        self._kept_step: int | None = None
        self._kept_at_s = -math.inf

    def report(self, report: Report, *, at_once: bool = False) -> None:
        """Keep a report if its turn has come.

        Raises: LostRun if the run is no longer this worker's.
        """
        self._latest, self.step, self.elapsed_s = report, report.step, report.elapsed_s
        gap_s = max(GAP_S, report.elapsed_s / POINTS_OF_LONG_RUNS)
        is_due = report.elapsed_s - self._kept_at_s >= gap_s
        if at_once or is_due or report.step <= 1 or report.is_last or report.val_loss_nats is not None:
            self.catch_up()

    def catch_up(self) -> None:
        """Keep the newest report if it was left out: before a pause, and before the end."""
        latest = self._latest
        if latest is None or latest.step == self._kept_step:
            return
        self._kept_step, self._kept_at_s = latest.step, latest.elapsed_s
        point = {name: getattr(latest, name) for name in METRIC_NAMES}
        self._outbox.put(partial(self.store.add_metric, self.run_id, point, worker=self.worker))

    def event(self, kind: str, payload: Mapping[str, Any] | None = None) -> None:
        """Keep something that happened now.

        Raises: LostRun if the run is no longer this worker's.
        """
        told = partial(self.store.add_event, self.run_id, kind, worker=self.worker)
        self._outbox.put(partial(told, step=self.step, elapsed_s=self.elapsed_s, payload=payload or {}))

    def mark(self, status: str) -> None:
        """Show the run as running or paused.

        Raises: LostRun if the run is no longer this worker's.
        """
        self._outbox.put(partial(self.store.mark, self.run_id, status, worker=self.worker))

    def forget_after(self, step: int) -> None:
        """Drop what was told of later steps, for a run that goes on from an older checkpoint.

        Raises: LostRun if the run is no longer this worker's.
        """
        self._outbox.put(partial(self.store.forget_after, self.run_id, step))

    def flush(self) -> None:
        """Try again to write what a locked store did not take; for use where a run stands still.

        Raises: LostRun if the run is no longer this worker's.
        """
        self._outbox.flush()

    def finish(self, status: str, *, result: Mapping[str, Any] | None = None, failure: UserError | None = None) -> bool:
        """End the run, after all that it had to tell; False if it was no longer this worker's.

        A locked store is waited for. On a full disk, what can be spared goes and we try again for a while.
        Raises: SystemExit with a code that tells the engine, if neither helps.
        """
        ends_at, num_tries = time.monotonic() + FINISH_LOCKED_S, 0
        while True:
            try:
                self._write_rest()
                with patience.of(outbox.PATIENCE_S):
                    return self.store.finish(self.run_id, status, result=result, failure=failure, worker=self.worker)
            except LostRun:
                return False
            except OperationalError as reason:
                log.warning("run %s can't be ended: %s", self.run_id, reason.orig)
                num_tries += 0 if unusable.is_busy(reason) else 1
                is_full = unusable.is_disk_full(reason)
                if is_full:
                    self._make_room()
                if num_tries >= FINISH_TRIES or time.monotonic() > ends_at:
                    raise SystemExit(outcomes.DISK_FULL_EXIT if is_full else outcomes.NO_STORE_EXIT) from None
            time.sleep(FINISH_AGAIN_S)

    def _write_rest(self) -> None:
        """Write what waits; only a lock is a reason to wait for it."""
        try:
            if not self._outbox.flush(at_once=True):
                raise OperationalError("", {}, Exception("database is locked"))
        except OperationalError as reason:
            if unusable.is_busy(reason):
                raise
            if unusable.is_disk_full(reason):
                self._make_room()
            log.warning("run %s: %d reports are lost: %s", self.run_id, self._outbox.give_up(), reason.orig)

    def _make_room(self) -> None:
        for name in ("checkpoint", weights.STEPS):
            shutil.rmtree(paths.run_folder(self.run_id) / name, ignore_errors=True)
