"""Where the engine and its workers write what no page shows: log files under PLAYGROUND_HOME.

What can't be written, on a full disk, is counted, and told with the first line that can be; ``logging`` itself would print
forty lines about each that is lost. What is said again and again is written once in a while, with how often it was said.
"""

import logging
import os
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

LOG_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
MAX_LOG_BYTES = 1_000_000
TRY_AGAIN_S = 5.0  # after a line that could not be written
SAY_AGAIN_S = 60.0
MAX_REMEMBERED = 200


class OnceAWhile(logging.Filter):
    """Lets the same warning through once a minute, with how often it was given meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self._said: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether a record is to be written."""
        if record.levelno < logging.WARNING:
            return True
        text, now = (record.name, record.getMessage()), time.monotonic()
        at, num_kept_back = self._said.get(text, (-SAY_AGAIN_S, 0))
        if now - at < SAY_AGAIN_S:
            self._said[text] = (at, num_kept_back + 1)
            return False
        self._said[text] = (now, 0)
        self._said.move_to_end(text)
        while len(self._said) > MAX_REMEMBERED:
            self._said.popitem(last=False)
        if num_kept_back:
            record.msg, record.args = "%s (and %d times more since the last time)", (text[1], num_kept_back)
        return True


class _Lossy(logging.Handler):
    """Counts the lines that can't be written, and says how many they were once one can be."""

    _num_lost = 0
    _failed_at = float("-inf")
    _why = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line, or count it as lost."""
        if self._num_lost and time.monotonic() - self._failed_at < TRY_AGAIN_S:
            self._num_lost += 1
            return
        if self._num_lost:
            num_lost, self._num_lost = self._num_lost, 0
            told = "%d lines are missing here, they could not be written: %s"
            super().emit(logging.LogRecord(__name__, logging.WARNING, __file__, 0, told, (num_lost, self._why), None))
            if self._num_lost:  # neither could this one
                self._num_lost += num_lost
                return
        super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Count a line that the system did not take; a mistake of our own is shown as ever."""
        reason = sys.exc_info()[1]
        if not isinstance(reason, OSError):
            super().handleError(record)
            return
        self._num_lost, self._failed_at, self._why = self._num_lost + 1, time.monotonic(), reason.strerror or str(reason)


class LossyFile(_Lossy, RotatingFileHandler):
    """A log file that outlives a full disk."""


class LossyStream(_Lossy, logging.StreamHandler):  # type: ignore[type-arg]
    """The same for what goes to standard error, which may lead to a file."""


def redirect_output(path: Path) -> None:
    """Send everything this process prints or logs, also from C code, to the end of one file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    sys.stdout = open(1, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="replace", buffering=1, closefd=False)  # noqa: SIM115
    handler = LossyStream(sys.stderr)
    handler.addFilter(OnceAWhile())
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT, handlers=[handler], force=True)


@contextmanager
def logged_to(path: Path, *, also_terminal: bool = False) -> Iterator[None]:
    """Log into a file that starts anew, keeping one older one, before it grows large."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handlers: list[logging.Handler] = [LossyFile(path, maxBytes=MAX_LOG_BYTES, backupCount=1, encoding="utf-8")]
    if also_terminal:
        handlers.append(LossyStream())
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    for handler in handlers:
        handler.addFilter(OnceAWhile())
        handler.setFormatter(logging.Formatter(LOG_FORMAT))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            with suppress(OSError):  # a full disk does not take what is left
                handler.close()
