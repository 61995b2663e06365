"""A stopwatch for runs: pauses do not count."""

import time
from collections.abc import Callable


class Stopwatch:
    """Seconds spent running. Call it to read it; ``pause`` and ``resume`` it as often as you like."""

    def __init__(self, start_s: float = 0.0, now: Callable[[], float] = time.perf_counter, *, is_running: bool = True) -> None:
        """Show ``start_s``, and run on from there at once, or else with ``resume``."""
        self._now = now
        self._shown_s = start_s
        self._running_since: float | None = now() if is_running else None

    def __call__(self) -> float:
        """Return the seconds shown."""
        running = 0.0 if self._running_since is None else self._now() - self._running_since
        return self._shown_s + running

    def pause(self) -> None:
        """Stand still until ``resume``."""
        self._shown_s = self()
        self._running_since = None

    def resume(self) -> None:
        """Run on."""
        if self._running_since is None:
            self._running_since = self._now()

    def set(self, seconds: float) -> None:
        """Show other seconds, for a run that goes on from a checkpoint."""
        self._shown_s = seconds
        if self._running_since is not None:
            self._running_since = self._now()
