"""Starting workers and the analyst beside the engine's turns: where a fork server loads torch anew, that takes seconds.

What hangs is given up: a start whose fork server does not answer, and a worker that never takes its run over.
"""

import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from queue import SimpleQueue

from ssl_core.engine import outcomes
from ssl_core.engine.launcher import Launcher
from ssl_core.engine.settings import EngineSettings
from ssl_core.runs.store import RunStore

log = logging.getLogger(__name__)
Start = Callable[[], BaseProcess | None]
LONGEST_S, MAX_DOUBLINGS = 3600.0, 30


def patience_s(first_s: float, num_hung: int) -> float:
    """Return how long to wait after so many waits in vain: what seemed to hang may be a slow machine."""
    return min(LONGEST_S, first_s * 2.0 ** min(num_hung, MAX_DOUBLINGS))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a start: a process (None where the start makes none), or why there is none."""

    process: BaseProcess | None
    reason: Exception | None = None


@dataclass(slots=True)
class _Begun:
    """A start that goes on."""

    name: str
    since: float
    is_broken_off: bool = False


class StartThread:
    """One thread that starts processes one after the other; who asked takes the outcome when it is there.

    ``break_off`` makes a start that hangs raise; it is called by ``watch`` where a start takes longer than ``limit_s``.
    """

    def __init__(self, break_off: Callable[[], None], limit_s: float) -> None:
        self._break_off, self._first_limit_s = break_off, limit_s
        self._begun: _Begun | None = None
        self._num_hung = 0
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

    @property
    def limit_s(self) -> float:
        """How long a start may take now."""
        return patience_s(self._first_limit_s, self._num_hung)

    def watch(self) -> None:
        """Break off a start that hangs; short, to be called again and again."""
        begun, now, limit_s = self._begun, time.monotonic(), self.limit_s
        if begun is None or now - begun.since <= limit_s:
            return
        log.warning("%s: nothing was started in %g s; what should start it hangs and is ended", begun.name, limit_s)
        begun.since, begun.is_broken_off = now, True
        self._break_off()

    def _work(self) -> None:
        while True:
            name, start = self._asked.get()
            self._begun = begun = _Begun(name, time.monotonic())
            try:
                outcome = Outcome(start())
                self._num_hung = 0
            except Exception as reason:  # whatever it is, whoever asked is told, and the thread goes on
                if not begun.is_broken_off:
                    log.exception("%s: no process", name)
                self._num_hung += begun.is_broken_off
                outcome = Outcome(None, TimeoutError() if begun.is_broken_off else reason)
            self._begun = None
            self._outcomes[name] = outcome


class RunStarts:
    """Claims queued runs and has a worker started for each; one that gets none goes back into the queue, a few times."""

    def __init__(self, store: RunStore, launcher: Launcher, thread: StartThread, settings: EngineSettings, engine: str) -> None:
        self._store, self._launcher, self._thread, self._settings, self._engine = store, launcher, thread, settings, engine
        self._num_failures: Counter[str] = Counter()
        self._next_claim = 0.0
        self._failed: dict[str, Exception] = {}
        self._since: dict[str, float] = {}  # when the workers came into being that have not taken their runs over yet
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
                started[run_id], self._since[run_id] = outcome.process, time.monotonic()
                log.info("run %s: worker has number %s", run_id, outcome.process.pid)
            elif outcome.reason is not None:
                self._failed[run_id] = outcome.reason
        return started

    def late(self, untaken: Collection[str]) -> list[str]:
        """Return which of the runs that no worker has taken over yet have had one for too long."""
        now = time.monotonic()
        self._since = {run_id: since for run_id, since in self._since.items() if run_id in untaken}
        limits = {run_id: patience_s(self._settings.launch_s, self._num_failures[run_id]) for run_id in self._since}
        return [run_id for run_id, since in self._since.items() if now - since > limits[run_id]]

    def forget_waits(self) -> None:
        """Count every wait from now on: while nobody could write, a worker that took nothing over was no hung one."""
        self._since = dict.fromkeys(self._since, time.monotonic())

    def give_up(self, run_id: str) -> bool:
        """Take a run from a worker that hangs and is to be ended; False if it did take the run over just now.

        Raises: OperationalError if the store does not take it; the run is late the next time, too.
        """
        log.warning("run %s: its worker did not take it over; it hangs and is ended", run_id)
        was_ours = self._put_back(run_id, TimeoutError())
        del self._since[run_id]
        return was_ours

    def not_started(self, run_id: str, reason: Exception) -> None:
        """Note that a worker was lost before it took its run over."""
        self._failed[run_id] = reason

    def settle(self) -> None:
        """Let each run without a worker wait again, or fail when it was tried often enough.

        Raises: OperationalError if the store does not take it; it is kept for the next time.
        """
        for run_id, reason in list(self._failed.items()):
            self._put_back(run_id, reason)
            del self._failed[run_id]

    def _put_back(self, run_id: str, reason: Exception) -> bool:
        """Let a run wait again or fail; False if it is no longer this engine's."""
        num_failures = self._num_failures[run_id] + 1
        if num_failures < self._settings.start_tries:
            if was_ours := self._store.unclaim(run_id, self._engine):
                log.warning("run %s: no worker (%r); it waits again", run_id, reason)
        else:
            failure = outcomes.not_started(reason, num_failures)
            if was_ours := self._store.finish(run_id, "failed", failure=failure, worker=self._engine):
                log.error("run %s failed: %s", run_id, failure.message("en"))
        self._num_failures[run_id] = num_failures
        self._next_claim = time.monotonic() + self._settings.start_again_s * 2.0 ** (num_failures - 1)
        return was_ours
