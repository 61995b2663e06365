"""Starting workers and the analyst beside the engine's turns: where a fork server loads torch anew, that takes seconds."""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from queue import SimpleQueue

from ssl_core.engine import outcomes
from ssl_core.engine.launcher import Launcher
from ssl_core.engine.settings import EngineSettings
from ssl_core.runs.store import RunStore

log = logging.getLogger(__name__)
Start = Callable[[], BaseProcess]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a start: a process, or why there is none."""

    process: BaseProcess | None
    reason: Exception | None = None


class StartThread:
    """One thread that starts processes one after the other; who asked takes the outcome when it is there."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[tuple[str, Start]] = SimpleQueue()
        self._outcomes: dict[str, Outcome] = {}
        self._thread = threading.Thread(target=self._work, name="starts processes", daemon=True)

    def begin(self, name: str, start: Start) -> None:
        """Have a process started; returns at once."""
        if self._thread.ident is None:
            self._thread.start()
        self._asked.put((name, start))

    def take(self, name: str) -> Outcome | None:
        """Return what came of ``name``, once; None while it is not known."""
        return self._outcomes.pop(name, None)

    def _work(self) -> None:
        while True:
            name, start = self._asked.get()
            try:
                self._outcomes[name] = Outcome(start())
            except Exception as reason:  # whatever it is, whoever asked is told, and the thread goes on
                log.exception("%s: no process", name)
                self._outcomes[name] = Outcome(None, reason)


class RunStarts:
    """Claims queued runs and has a worker started for each; one that gets none goes back into the queue, a few times."""

    def __init__(self, store: RunStore, launcher: Launcher, thread: StartThread, settings: EngineSettings, engine: str) -> None:
        self._store, self._launcher, self._thread, self._settings, self._engine = store, launcher, thread, settings, engine
        self._num_failures: Counter[str] = Counter()
        self._next_claim = 0.0
        self._failed: dict[str, Exception] = {}
        self.pending: set[str] = set()

    def claim(self, num_free: int) -> None:
        """Claim up to ``num_free`` runs; their workers are there, or not, at one of the next turns."""
        if time.monotonic() < self._next_claim:
            return
        for _ in range(num_free):
            run_id = self._store.claim(self._engine)
            if run_id is None:
                return
            self.pending.add(run_id)
            self._thread.begin(run_id, lambda run_id=run_id: self._launcher.launch(run_id, self._engine))  # type: ignore[misc]

    def take(self) -> dict[str, BaseProcess]:
        """Return the workers that were started since the last time, by run, and settle the runs that got none."""
        started: dict[str, BaseProcess] = {}
        for run_id in sorted(self.pending):
            if (outcome := self._thread.take(run_id)) is None:
                continue
            self.pending.discard(run_id)
            if outcome.process is not None:
                started[run_id] = outcome.process
                log.info("run %s: worker has number %s", run_id, outcome.process.pid)
            elif outcome.reason is not None:
                self._failed[run_id] = outcome.reason
        return started

    def not_started(self, run_id: str, reason: Exception) -> None:
        """Note that a worker was lost before it took its run over."""
        self._failed[run_id] = reason

    def settle(self) -> None:
        """Let each run without a worker wait again, or fail when it was tried often enough.

        Raises: OperationalError if the store does not take it; it is kept for the next time.
        """
        for run_id, reason in list(self._failed.items()):
            num_failures = self._num_failures[run_id] + 1
            if num_failures < self._settings.start_tries:
                if self._store.unclaim(run_id, self._engine):
                    log.warning("run %s: no worker (%r); it waits again", run_id, reason)
            else:
                failure = outcomes.not_started(reason, num_failures)
                if self._store.finish(run_id, "failed", failure=failure, worker=self._engine):
                    log.error("run %s failed: %s", run_id, failure.message("en"))
            self._num_failures[run_id] = num_failures
            self._next_claim = time.monotonic() + self._settings.start_again_s * 2 ** (num_failures - 1)
            del self._failed[run_id]
