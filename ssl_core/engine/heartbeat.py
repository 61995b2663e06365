"""A thread in each worker that says "alive" once a second and listens for "not yours any more"."""

import logging
import threading

from sqlalchemy.exc import OperationalError

from ssl_core.runs.held import HeldRuns

INTERVAL_S = 1.0
log = logging.getLogger(__name__)


class Heartbeat:
    """Use in a ``with`` block. ``is_lost`` becomes True when the run has ended or somebody else holds it."""

    def __init__(self, store: HeldRuns, run_id: str, worker: str, *, interval_s: float = INTERVAL_S) -> None:
        self._store, self._run_id, self._worker, self._interval_s = store, run_id, worker, interval_s
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        self.is_lost = False

    def __enter__(self) -> "Heartbeat":
        self._thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._is_over.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._is_over.wait(self._interval_s):
            try:
                self.is_lost = not self._store.heartbeat(self._run_id, self._worker)
            except OperationalError as reason:  # a full disk or a busy store: the run may well go on
                log.warning("no heartbeat for run %s: %s", self._run_id, reason.orig)
            if self.is_lost:
                return
