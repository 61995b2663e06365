"""The remote control of a run: pause, resume, single step, stop and new probe sentences, read between two steps."""

import time
from collections.abc import Callable
from typing import Protocol

from sqlalchemy.exc import OperationalError

from ssl_core.engine import outbox
from ssl_core.engine.heartbeat import Heartbeat
from ssl_core.engine.reporting import LostRun, Reporter
from ssl_core.runs import patience, unusable
from ssl_core.runs.held import Row

LOOK_AGAIN_S = 0.05
LOOK_EVERY_S = 0.02  # a look costs 0.1 ms, which steps of a few milliseconds would feel


class Clock(Protocol):
    """A stopwatch that pauses."""

    def pause(self) -> None:
        """Stand still."""

    def resume(self) -> None:
        """Run on."""


class StopAsked(Exception):  # noqa: N818  no error: somebody wants the run to end here
    """The run is to end with what it has."""


class Remote:
    """Obeys the control rows of one run."""

    def __init__(
        self, reporter: Reporter, heartbeat: Heartbeat, *, watch: Callable[[int, str], None], should_stop: Callable[[], bool]
    ) -> None:
        """``watch`` is given (control id, text) of a new probe sentence; ``should_stop`` is asked again and again."""
        self._reporter, self._heartbeat, self._watch, self._should_stop = reporter, heartbeat, watch, should_stop
        self._last_control = 0
        self._looked_at_s = 0.0
        self._steps_allowed: int | None = None  # None: run freely; 0: wait
        self._is_paused = False

    @property
    def is_single_step(self) -> bool:
        """True while steps are taken one at a time."""
        return self._steps_allowed is not None

    def recall(self) -> None:
        """Take up what was asked for before this worker had the run, except for stopping and single steps."""
        for control in self._new_controls():
            if control["action"] in ("pause", "step"):
                self._steps_allowed = 0
            elif control["action"] == "resume":
                self._steps_allowed = None
            elif control["action"] == "probe":
                self._watch(control["id"], control["payload"].get("text", ""))

    def check(self) -> None:
        """Look whether the run goes on at all.

        Raises: StopAsked, LostRun.
        """
        if self._heartbeat.is_lost:
            raise LostRun
        if self._should_stop():
            raise StopAsked

    def step_taken(self) -> None:
        """Note that the network took a step."""
        if self._steps_allowed:
            self._steps_allowed -= 1

    def obey(self, clock: Clock) -> None:
        """Do what was asked for; comes back when the next step may be taken.

        Raises: StopAsked, LostRun.
        """
        now_s = time.perf_counter()
        if self._steps_allowed is None and now_s - self._looked_at_s < LOOK_EVERY_S:
            return
        self._looked_at_s = now_s
        self._read()
        if self._steps_allowed == 0:
            clock.pause()
            self._show_paused()
            while self._steps_allowed == 0:
                time.sleep(LOOK_AGAIN_S)
                self._reporter.flush()
                self._read()
            clock.resume()
        if self._is_paused and self._steps_allowed is None:
            self._is_paused = False
            self._reporter.mark("running")
            self._reporter.event("resumed")

    def read_before_start(self) -> None:
        """Look for a stop while the run gets ready; all else keeps until it steps.

        Raises: StopAsked, LostRun.
        """
        self.check()
        if any(control["action"] == "stop" for control in self._newer()):
            raise StopAsked

    def _show_paused(self) -> None:
        self._reporter.catch_up()
        if not self._is_paused:
            self._is_paused = True
            self._reporter.mark("paused")
            self._reporter.event("paused")

    def _read(self) -> None:
        self.check()
        for control in self._new_controls():
            action = control["action"]
            if action == "stop":
                raise StopAsked
            if action == "pause":
                self._steps_allowed = 0
            elif action == "resume":
                self._steps_allowed = None
            elif action == "step":
                self._steps_allowed = (self._steps_allowed or 0) + 1
            elif action == "probe":
                self._watch(control["id"], control["payload"].get("text", ""))

    def _new_controls(self) -> list[Row]:
        found = self._newer()
        if found:
            self._last_control = found[-1]["id"]
        return found

    def _newer(self) -> list[Row]:
        """Return what was asked for since; nothing where the store is locked even for reading, until the next look."""
        try:
            with patience.of(outbox.PATIENCE_S):
                return self._reporter.store.controls_after(self._reporter.run_id, self._last_control)
        except OperationalError as reason:
            if not unusable.is_busy(reason):
                raise
            return []
