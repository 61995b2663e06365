"""The engine's own life: claim queued runs, give each to a worker, watch, and end after an idle while."""

import logging
import multiprocessing.connection
import subprocess
import time
from multiprocessing.process import BaseProcess

from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import other_code, outcomes, prewarm
from ssl_core.engine.adoption import Watch
from ssl_core.engine.answering import Answering
from ssl_core.engine.launcher import UNSEEN_EXIT, Launcher, WarmUp
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.engine.settings import EngineSettings
from ssl_core.engine.starting import RunStarts, StartThread
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.held import Row
from ssl_core.runs.store import RunStore

WARM_UP = "warm-up"
log = logging.getLogger(__name__)


class Supervisor:
    """One engine. Every turn is short; whatever breaks in the store is tried again in the next turn."""

    def __init__(self, store: RunStore, launcher: Launcher, settings: EngineSettings) -> None:
        self._store, self._launcher, self._settings = store, launcher, settings
        self._mark = str(mark_of("engine"))
        self._watch = Watch(store, settings.silence_s)
        self._starter = StartThread(launcher.break_off, settings.launch_s)
        self._starts = RunStarts(store, launcher, self._starter, settings, self._mark)
        self._answering = Answering(AskedQuestions(store.engine), launcher, self._starter, settings, self._mark)
        self._own: dict[str, BaseProcess] = {}
        self._warm_up: WarmUp | None = None
        self._num_cold = 0
        self._lingering: set[str] = set()  # workers whose runs are over
        self._prewarming: subprocess.Popen[bytes] | None = None
        self._active_at = time.monotonic()
        self._wanted_at = 0.0
        self._has_said_code = False
        self._next_heartbeat = self._next_look = 0.0
        self.is_stopping = False

    def run(self) -> None:
        """Work until idle for long or told to stop."""
        log.info("engine %s begins, %s", self._mark, self._settings)
        self._starter.begin(WARM_UP, self._get_warm)
        while not self.is_stopping:
            try:
                self._turn()
            except OperationalError as reason:  # a full disk or a busy store: workers go on, so do we
                log.warning("the store did not answer: %s", reason.orig)
                self._watch.forget_silences()
                self._starts.forget_waits()
                time.sleep(self._settings.heartbeat_s)
            if time.monotonic() - self._active_at > self._settings.idle_s:
                log.info("nothing to do for %g s", self._settings.idle_s)
                break
        self._answering.end()
        try:
            self._say("ended")
        except OperationalError as reason:  # who looks finds the process gone
            log.warning("the store did not take the last word: %s", reason.orig)
        log.info("engine %s ends", self._mark)

    def _get_warm(self) -> None:  # in the thread that starts processes
        started_at = time.monotonic()
        self._warm_up = self._launcher.warm_up()
        log.info("warm after %.1f s: %s", time.monotonic() - started_at, self._warm_up)

    def _note_warm(self) -> None:
        if (outcome := self._starter.take(WARM_UP)) is None:
            return
        if outcome.reason is not None:
            self._num_cold += 1
            log.error("warm-up broke off: %r", outcome.reason)
            if self._num_cold < self._settings.start_tries:
                self._starter.begin(WARM_UP, self._get_warm)
                return
        if self._warm_up is None:  # each run will say for itself why it can't start
            self._warm_up = WarmUp(is_preloaded=False, device="")
        if self._settings.prewarms:  # not before: the warm-up measures how fast this processor is
            self._prewarming = prewarm.start()
        if not self._warm_up.is_preloaded:
            log.warning("workers start slowly: nothing is loaded before they are needed")

    def _turn(self) -> None:
        self._starter.watch()
        self._note_warm()
        self._own |= self._starts.take()
        self._collect()
        self._starts.settle()
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + self._settings.look_around_s
            self._watch.look(self._own.keys() | self._starts.pending)
            self._look_at_own()
            self._note_activity()
            self._note_prewarmed()
        if self._warm_up is not None:
            self._claim()
        self._answering.turn(can_start=self._warm_up is not None)
        if now >= self._next_heartbeat:
            self._next_heartbeat = now + self._settings.heartbeat_s
            self._say(self._state())

    def _collect(self) -> None:
        sentinels = [each.sentinel for each in self._own.values()]
        if not sentinels:
            time.sleep(self._settings.poll_s)
            return
        if not multiprocessing.connection.wait(sentinels, timeout=self._settings.poll_s):
            return
        for run_id, process in list(self._own.items()):
            if not process.is_alive():
                log.info("run %s: worker ended with code %s", run_id, process.exitcode)
                self._settle(run_id, process)
                del self._own[run_id]

    def _look_at_own(self) -> None:
        """Note which workers have outlived their runs, and end those that had time enough to take one over and have not."""
        held = self._store.held()
        self._lingering = self._own.keys() - {row["id"] for row in held}
        untaken = {row["id"] for row in held if row["worker"] == self._mark}
        for run_id in self._starts.late(untaken & self._own.keys()):
            if self._starts.give_up(run_id):
                process = self._own.pop(run_id)  # the run may get another one at the next turn
                process.kill()
                process.join(timeout=1.0)  # killed it is gone at once; nobody waits for one that is not

    def _settle(self, run_id: str, process: BaseProcess) -> None:
        row = next((each for each in self._store.held() if each["id"] == run_id), None)
        if row is None:  # it ended its run itself, as it should
            return
        holder = ProcessMark.parse(row["worker"])
        if holder is not None and holder.role == "worker" and holder.is_alive():
            log.warning("run %s: the fork server is gone, its worker is not; watched from outside from now on", run_id)
            self._watch.seen_alive.add(run_id)
            return
        if row["worker"] == self._mark and process.exitcode == UNSEEN_EXIT:
            self._starts.not_started(run_id, EOFError())
            return
        exit_code = None if process.exitcode == UNSEEN_EXIT else process.exitcode
        failure = outcomes.of_exit(exit_code, str(paths.run_folder(run_id) / "worker.log"))
        if self._store.finish(run_id, "failed", failure=failure, worker=row["worker"]):
            log.warning("run %s failed: %s", run_id, failure.message("en"))

    def _claim(self) -> None:
        if not self._store.counts().get("queued"):
            return
        self._active_at = time.monotonic()
        num_busy = sum(1 for each in self._store.held() if is_busy(each))
        self._starts.claim(self._settings.num_workers - num_busy)

    def _note_prewarmed(self) -> None:
        if self._prewarming is not None and (code := self._prewarming.poll()) is not None:
            log.info("texts of the presets prepared, exit code %s", code)
            self._prewarming = None

    def _state(self) -> str:
        if self._warm_up is None:
            return "starting"
        return "running" if self._own.keys() - self._lingering or self._starts.pending or self._watch.seen_alive else "idle"

    @property
    def _has_runs(self) -> bool:
        return bool(self._own or self._starts.pending or self._watch.seen_alive)

    def _note_activity(self) -> None:
        row = self._store.engine_row()
        is_wanted = row is not None and (row["wanted_at"] or 0) > self._wanted_at
        if is_wanted and row is not None:
            self._wanted_at = row["wanted_at"]
        if is_wanted or self._has_runs or self._answering.is_busy:
            self._active_at = time.monotonic()

    def _say(self, state: str) -> None:
        if not self._has_said_code:
            self._store.engine_is_of(self._mark, other_code.own_code())
            self._has_said_code = True
        device = self._warm_up.device if self._warm_up else ""
        self._store.engine_heartbeat(process=self._mark, device=device, state=state)


def is_busy(row: Row) -> bool:
    """Return whether a held run takes one of the engine's places: paused runs and those of terminals don't."""
    holder = ProcessMark.parse(row["worker"] or "")
    return row["status"] == "running" and (holder is None or holder.role != "command")
