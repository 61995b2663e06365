"""Logs on a full disk: nothing floods, and what is missing is told afterwards. ``/dev/full`` is a disk that is always full."""

import logging
import sys
from logging import LogRecord
from pathlib import Path

import pytest

from ssl_core.engine import output

FULL = Path("/dev/full")
needs_full_disk = pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full on this system")


def record(text, *, level=logging.WARNING):
    return LogRecord("test", level, "test.py", 1, text, (), None)


@pytest.fixture
def now(monkeypatch):
    """The time that output sees; it passes only when a test says so."""
    time = [1000.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: time[0])
    return time


@needs_full_disk
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_thousands_of_lines_on_a_full_disk_print_nothing_about_themselves(capfd, now, tmp_path, kind):
    handler = full_handler(kind)
    for number in range(2_400):
        now[0] += 0.5
        handler.handle(record(f"line {number}"))
    told = capfd.readouterr()
    assert (told.out, told.err) == ("", "")
    assert handler._num_lost == 2_400


@needs_full_disk
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_what_is_missing_is_told_in_one_line_when_there_is_room_again(now, tmp_path, kind):
    handler = full_handler(kind)
    for number in range(10):
        handler.handle(record(f"lost {number}"))
    with (tmp_path / "log").open("w", encoding="utf-8") as room:
        handler.stream = room  # setStream would write what is left to the full disk
        handler.handle(record("too soon to try again"))
        now[0] += output.TRY_AGAIN_S
        handler.handle(record("there is room"))
        handler.handle(record("and more"))
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    assert lines == [
        "11 lines are missing here, they could not be written: No space left on device",
        "there is room",
        "and more",
    ]


def full_handler(kind):
    stream = FULL.open("w", encoding="utf-8", buffering=1)
    if kind == "stream":
        return output.LossyStream(stream)
    handler = output.LossyFile(FULL, delay=True)
    handler.stream = stream
    return handler


def test_a_mistake_of_our_own_in_a_line_is_shown(capfd):
    handler = output.LossyStream(sys.stderr)
    handler.handle(LogRecord("test", logging.WARNING, "test.py", 1, "%d", ("no number",), None))
    assert "Logging error" in capfd.readouterr().err


def test_the_same_warning_is_written_once_a_minute_with_how_often_it_came(now):
    once = output.OnceAWhile()
    said = []
    for _ in range(300):
        one = record("the store did not answer")
        said += [one.getMessage()] if once.filter(one) else []
        now[0] += 0.5
    assert said == ["the store did not answer", *["the store did not answer (and 119 times more since the last time)"] * 2]


def test_other_warnings_and_all_that_is_no_warning_come_through(now):
    once = output.OnceAWhile()
    assert all(once.filter(record(f"run {number} failed")) for number in range(1_000))
    assert all(once.filter(record("a step", level=logging.INFO)) for _ in range(3))
    assert len(once._said) == output.MAX_REMEMBERED


def test_a_log_file_has_both(tmp_path):
    path = tmp_path / "engine.log"
    with output.logged_to(path):
        for _ in range(5):
            logging.getLogger("ssl_core").warning("the store did not answer")
    assert path.read_text(encoding="utf-8").count("did not answer") == 1
