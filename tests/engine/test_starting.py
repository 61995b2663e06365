"""Starts that hang: broken off after a limit, which grows so that a slow machine gets there in the end."""

import threading

import pytest

from ssl_core.engine.starting import LONGEST_S, StartThread, patience_s
from tests.engine.waiting import wait_until


class Hanging:
    """A start that goes on until it is broken off."""

    def __init__(self):
        self.has_begun, self.is_broken_off = threading.Event(), threading.Event()

    def __call__(self):
        self.has_begun.set()
        self.is_broken_off.wait()
        raise EOFError


def outcome(thread, name):
    return wait_until(lambda: thread.take(name), f"something came of {name}")


def test_a_start_that_hangs_is_broken_off_and_the_next_one_begins():
    hanging = Hanging()
    thread = StartThread(hanging.is_broken_off.set, 0.0)
    thread.begin("first", hanging)
    thread.begin("second", lambda: None)
    hanging.has_begun.wait()
    wait_until(lambda: thread.watch() or hanging.is_broken_off.is_set(), "it is broken off")
    assert isinstance(outcome(thread, "first").reason, TimeoutError)
    assert outcome(thread, "second").reason is None


def test_within_its_time_nothing_is_broken_off():
    hanging = Hanging()
    thread = StartThread(hanging.is_broken_off.set, LONGEST_S)
    thread.watch()
    thread.begin("first", hanging)
    hanging.has_begun.wait()
    thread.watch()
    assert not hanging.is_broken_off.is_set()
    hanging.is_broken_off.set()  # by somebody else
    assert isinstance(outcome(thread, "first").reason, EOFError), "the error itself is the reason"


def test_each_start_that_hung_gives_the_next_one_twice_the_time_until_one_succeeds():
    thread = StartThread(lambda: hanging.is_broken_off.set(), 0.01)
    for num_hung in range(3):
        assert thread.limit_s == pytest.approx(0.01 * 2**num_hung)
        hanging = Hanging()
        thread.begin("hangs", hanging)
        hanging.has_begun.wait()
        wait_until(lambda broken=hanging.is_broken_off: thread.watch() or broken.is_set(), "it is broken off")
        outcome(thread, "hangs")
    thread.begin("works", lambda: None)
    outcome(thread, "works")
    assert thread.limit_s == pytest.approx(0.01)


def test_nobody_waits_for_longer_than_an_hour():
    assert patience_s(60.0, 10**6) == LONGEST_S
