"""The engine's part in answering questions: an analyst is there when somebody asks, and no question is lost with it."""

import logging
import time
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any

import psutil

from ssl_core.engine import analyst, outcomes
from ssl_core.engine.launcher import UNSEEN_EXIT, Launcher
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.engine.settings import EngineSettings
from ssl_core.engine.starting import StartThread
from ssl_core.errors import UserError
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.held import Row

ANALYST = "analyst"
MAX_ATTEMPTS = 2
MAX_STILLBORN = 2
AGAIN_AFTER_S = 1.0  # between two starts, if the last one ended badly
YOUNG_S = 5.0
log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Running:
    """The analyst that this engine started."""

    process: BaseProcess
    mark: str
    began_at: float


class Answering:
    """Starts an analyst when a question waits and none lives, and settles what a lost one held."""

    def __init__(
        self, asked: AskedQuestions, launcher: Launcher, thread: StartThread, settings: EngineSettings, engine: str
    ) -> None:
        self._asked, self._launcher, self._thread, self._settings, self._engine = asked, launcher, thread, settings, engine
        self._running: _Running | None = None
        self._is_starting = False
        self._held_since: dict[tuple[str, int], float] = {}
        self._unheard_since: float | None = None
        self._num_stillborn = 0
        self._why: UserError | None = None
        self._next_start = self._next_look = 0.0
        self.is_busy = False

    def turn(self, *, can_start: bool) -> None:
        """Look once; short, to be called again and again."""
        now = time.monotonic()
        if self._is_starting:
            self._take_started()
        if self._running is not None and not self._running.process.is_alive():
            self._collect(self._running)
        elif now >= self._next_look and not self._is_starting:  # one that has only just begun may have ended again already
            self._settle()
        if now >= self._next_look:
            self._next_look = now + self._settings.look_around_s
        has_waiting = self._asked.has_waiting()
        self.is_busy = has_waiting or bool(self._held_since)
        self._watch_deafness(has_waiting, now)
        has_one = self._running is not None or self._is_starting
        if has_waiting and not has_one and can_start and now >= self._next_start:
            self._start()

    def end(self) -> None:
        """End the analyst together with this engine: what it holds is asked again, and answered by the next engine's."""
        if self._running is not None:
            self._running.process.kill()

    def _watch_deafness(self, has_waiting: bool, now: float) -> None:
        """End an analyst that lives but takes no question although some wait."""
        if not has_waiting or self._held_since or self._running is None:
            self._unheard_since = None
        elif self._unheard_since is None:
            self._unheard_since = now
        elif now - self._unheard_since > self._settings.deaf_s:
            log.warning("analyst %s takes no question and is ended", self._running.mark)
            self._running.process.kill()
            self._unheard_since = None

    def _start(self) -> None:
        if self._num_stillborn >= MAX_STILLBORN and self._why is not None:
            num_failed = self._asked.fail_waiting(self._why)
            self._num_stillborn = 0
            log.error("no analyst lives, %d questions fail: %s", num_failed, self._why.message("en"))
            return
        self._is_starting = True
        self._thread.begin(ANALYST, lambda: self._launcher.start(analyst.main, self._engine, self._settings.analyst_idle_s))

    def _take_started(self) -> None:
        if (outcome := self._thread.take(ANALYST)) is None:
            return
        self._is_starting = False
        if outcome.process is None or outcome.process.pid is None:
            self._note_stillborn(outcomes.nobody_answers(outcome.reason or EOFError()))
            return
        self._running = _Running(outcome.process, self._mark_of(outcome.process.pid), time.monotonic())
        log.info("analyst has number %s", outcome.process.pid)

    def _mark_of(self, pid: int) -> str:
        """Return the mark of an analyst; of one that has ended already that under which it holds a question."""
        try:
            return str(mark_of(ANALYST, pid))
        except psutil.NoSuchProcess:
            marks = (ProcessMark.parse(row["worker"]) for row in self._asked.held())
            return next((str(mark) for mark in marks if mark is not None and mark.is_here and mark.pid == pid), "")

    def _collect(self, ended: _Running) -> None:
        self._running = None
        code = ended.process.exitcode
        log.info("analyst %s ended with code %s", ended.mark, code)
        if code == UNSEEN_EXIT and (mark := ProcessMark.parse(ended.mark)) is not None:
            mark.kill()  # its fork server is gone, it may not be: nobody would watch it
        was_young = time.monotonic() - ended.began_at < YOUNG_S
        num_lost = self._settle(lost=ended.mark, exit_code=code)
        if code != 0 and was_young and not num_lost:
            self._note_stillborn(outcomes.nobody_lives_to_answer(code, str(analyst.log_path())))
        else:
            self._num_stillborn = 0

    def _note_stillborn(self, why: UserError) -> None:
        self._num_stillborn, self._why = self._num_stillborn + 1, why
        self._next_start = time.monotonic() + AGAIN_AFTER_S

    def _settle(self, *, lost: str = "", exit_code: int | None = None) -> int:
        """Settle the questions whose analyst is gone, this engine's or one before it; return how many there were."""
        now, num_lost = time.monotonic(), 0
        held, own = self._asked.held(), self._running.mark if self._running is not None else ""  # own is collected when it ends
        self._held_since = {_key(row): self._held_since.get(_key(row), now) for row in held}
        for row in held:
            mark = ProcessMark.parse(row["worker"])
            if now - self._held_since[_key(row)] > self._settings.question_limit_s:
                if mark is not None and mark.is_here:
                    mark.kill()
                self._fail(row, outcomes.too_slow(self._settings.question_limit_s))
            elif row["worker"] == lost or (row["worker"] != own and mark is not None and mark.is_here and not mark.is_alive()):
                num_lost += 1
                self._lost(row, exit_code if row["worker"] == lost else None)
        return num_lost

    def _lost(self, row: Row, exit_code: int | None) -> None:
        if row["attempt"] >= MAX_ATTEMPTS:
            self._fail(row, outcomes.of_answering_exit(exit_code, str(analyst.log_path())))
        elif self._asked.give_back(row["id"], row["worker"]):
            log.warning("question %s: %s is gone; it waits again", row["id"], row["worker"])

    def _fail(self, row: Row, failure: UserError) -> None:
        if self._asked.fail(row["id"], row["worker"], failure, may_retry=True):
            log.warning("question %s failed: %s", row["id"], failure.message("en"))


def _key(row: Row) -> tuple[str, Any]:
    return row["id"], row["attempt"]
