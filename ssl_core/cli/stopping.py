"""Ending a run on the terminal without losing it."""

import signal
from typing import Any

from ssl_core.cli.printing import Shown

OK = 0


class StopSignals:
    """Turns Ctrl-C, a polite kill and a closed pipe into a run that stops cleanly; a second Ctrl-C breaks off."""

    def __init__(self, shown: Shown) -> None:
        """``shown`` knows whether anybody still reads."""
        self._shown, self._signal = shown, 0
        self._before: dict[int, Any] = {}

    def __enter__(self) -> "StopSignals":
        self._before = {number: signal.signal(number, self._note) for number in (signal.SIGINT, signal.SIGTERM)}
        return self

    def __exit__(self, *_exception: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @property
    def exit_code(self) -> int:
        """Return what a shell expects after this signal; 0 if there was none."""
        return 128 + self._signal if self._signal else OK

    def is_asked(self) -> bool:
        """Say whether the run should end."""
        return bool(self._signal) or self._shown.is_cut_off

    def _note(self, number: int, _frame: object) -> None:
        self._signal = number
        signal.signal(signal.SIGINT, signal.default_int_handler)
