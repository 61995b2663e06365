import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from ssl_core.engine import outcomes
from ssl_core.errors import UserError
from ssl_core.runs import unusable


@pytest.mark.parametrize(
    ("exit_code", "part"),
    [
        (-9, "signal 9"),
        (-9, "smaller model or a smaller batch"),
        (-11, "signal 11 (SIGSEGV)"),
        (-250, "signal 250 (250)"),
        (3, "exit code 3"),
        (0, "exit code 0"),
        (28, "disk is full"),
        (None, "is gone"),
    ],
)
def test_an_exit_code_becomes_a_reason(exit_code, part):
    assert part in outcomes.of_exit(exit_code, "worker.log").message()


@pytest.mark.parametrize(
    "reason",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OperationalError("insert", {}, sqlite3.OperationalError("database or disk is full")),
        RuntimeError("I/O error: No space left on device (os error 28)"),
    ],
)
def test_a_full_disk_is_known_by_many_names(reason):
    assert unusable.is_disk_full(reason)
    assert "disk is full" in outcomes.of_exception(reason, "log").message()


def test_a_full_disk_is_found_behind_another_error():
    try:
        try:
            raise OSError(errno.ENOSPC, "full")
        except OSError as cause:
            raise ValueError("could not save") from cause
    except ValueError as reason:
        found = reason
    assert unusable.is_disk_full(found)


def test_no_memory_is_told_as_such():
    assert "out of memory" in outcomes.of_exception(MemoryError(), "log").message()
    assert "out of memory" in outcomes.of_exception(RuntimeError("CUDA out of memory. Tried"), "log").message()


def test_braces_in_a_reason_do_no_harm():
    text = outcomes.of_exception(KeyError("{x} <script>"), "a{b}").message()
    assert "KeyError" in text
    assert "{x} <script>" in text


def test_what_a_person_can_put_right_is_left_as_it_is():
    told = UserError("Do this.")
    assert outcomes.of_exception(told, "log") is told


@pytest.mark.parametrize("told_by", [outcomes.of_exception, outcomes.of_answering])
@pytest.mark.parametrize(
    "said", ["database is locked", "disk I/O error", "unable to open database file", "no such table: runs"]
)
def test_what_the_store_says_is_told_without_its_statements(told_by, said):
    reason = OperationalError("UPDATE runs SET heartbeat_at=? WHERE id=?", (1.0, "x"), sqlite3.OperationalError(said))
    message = told_by(reason, "worker.log").message()
    assert said in message
    assert "UPDATE" not in message
    assert "sqlalche" not in message.lower()


@pytest.mark.parametrize("reason", [EOFError("unexpected EOF"), BrokenPipeError(32, "Broken pipe"), ConnectionResetError()])
def test_a_fork_server_that_ended_is_told_in_words(reason):
    for told in (outcomes.not_started(reason, 3), outcomes.nobody_answers(reason)):
        assert "ended each time" in told.message()
        assert "EOF" not in told.message()


def test_a_start_that_was_broken_off_is_told_in_words():
    assert "in 3 tries: each one hung" in outcomes.not_started(TimeoutError(), 3).message()
    assert "each try hung" in outcomes.nobody_answers(TimeoutError()).message()


def test_what_the_system_says_about_a_process_that_can_not_start_is_told():
    assert "in 3 tries: Too many processes." in outcomes.not_started(OSError(errno.EAGAIN, "Too many processes."), 3).message()
