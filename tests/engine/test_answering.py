"""The engine's side, with real processes that answer without networks."""

import json
import os
import signal
import sys
import time

import psutil
import pytest

from ssl_core.engine.answering import Answering
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.engine.settings import EngineSettings
from ssl_core.engine.starting import StartThread
from ssl_core.runs.asked import AskedQuestions
from tests.engine.fake_analysis import FakeLauncher, exit_at_once
from tests.engine.waiting import wait_until

LONG_S = 600.0


@pytest.fixture
def asked(store):
    return AskedQuestions(store.engine)


@pytest.fixture
def begin(asked):
    """Make the engine's part in answering; its analysts are gone after the test."""
    launchers = []

    def begin_one(target=None, **settings):
        launchers.append(FakeLauncher(target))
        defaults = {"num_workers": 1, "idle_s": 600.0, "look_around_s": 0.05}
        settings = EngineSettings(**(defaults | settings))
        return Answering(
            asked, launchers[-1], StartThread(launchers[-1].break_off, settings.launch_s), settings, str(mark_of("engine"))
        )

    begin_one.launchers = launchers
    yield begin_one
    for process in (each for launcher in launchers for each in launcher.started):
        process.kill()
        process.join()


def put(asked, **payload):
    text = json.dumps(payload)
    return asked.put(text, "predictions", text)["id"]


def ended(asked, answering, question_id, status="answered"):
    """Take turns until a question has ended, and return its row."""

    def has_ended():
        answering.turn(can_start=True)
        return asked.find(question_id)["status"] in ("answered", "failed") and asked.find(question_id)

    row = wait_until(has_ended, f"question is {status}")
    assert row["status"] == status, row["failure"]
    return row


def held_by(asked, answering, question_id, attempt=1):
    """Take turns until a question is being answered, and return who answers it."""

    def holder():
        answering.turn(can_start=True)
        row = asked.find(question_id)
        return row["status"] == "held" and row["attempt"] == attempt and ProcessMark.parse(row["worker"])

    return wait_until(holder, "somebody answers")


def said(row):
    return json.loads(row["answer"])["said"]


def reason(row):
    saved = json.loads(row["failure"])
    return saved["template"].format(**saved["values"])


def test_nobody_is_started_while_nobody_asks_or_nothing_is_warm(asked, begin):
    answering = begin()
    answering.turn(can_start=True)
    put(asked, say="x")
    answering.turn(can_start=False)
    assert begin.launchers[0].started == []
    assert answering.is_busy, "an engine with a question does not end"


def test_questions_of_two_pages_are_answered_by_one_analyst_in_order(asked, begin):
    answering = begin()
    first, second = put(asked, say="a"), put(asked, say="b")
    rows = [ended(asked, answering, each) for each in (first, second)]
    assert [said(row) for row in rows] == ["a", "b"]
    assert rows[0]["ended_at"] <= rows[1]["ended_at"]
    assert len(begin.launchers[0].started) == 1
    third = put(asked, say="c")
    assert said(ended(asked, answering, third)) == "c"
    assert len(begin.launchers[0].started) == 1, "it stays for a while"
    answering.turn(can_start=True)
    time.sleep(0.1)
    answering.turn(can_start=True)
    assert not answering.is_busy


def test_a_question_lost_with_its_analyst_is_answered_by_the_next(asked, begin):
    answering = begin()
    slow, other = put(asked, sleep_s=1.0, say="slow"), put(asked, say="other")
    psutil.Process(held_by(asked, answering, slow).pid).send_signal(signal.SIGKILL)
    row = ended(asked, answering, slow)
    assert (said(row), row["attempt"]) == ("slow", 2)
    assert said(ended(asked, answering, other)) == "other"
    assert asked.find(other)["attempt"] == 1


@pytest.mark.skipif(sys.platform != "linux", reason="analysts are forked on Linux only")
def test_an_analyst_whose_fork_server_is_gone_is_ended_and_replaced(asked, begin):
    answering = begin()
    slow = put(asked, sleep_s=1.0, say="slow")
    first = held_by(asked, answering, slow)
    begin.launchers[0].break_off()
    row = ended(asked, answering, slow)
    assert (said(row), row["attempt"]) == ("slow", 2)
    wait_until(lambda: not first.is_alive(), "nobody answers who is watched by nobody")


def test_a_question_that_kills_twice_fails_with_the_reason_and_the_others_go_on(asked, begin):
    answering = begin()
    deadly, other = put(asked, exit=9), put(asked, say="other")
    row = ended(asked, answering, deadly, "failed")
    assert "exit code 9" in reason(row)
    assert "analyst.log" in reason(row)
    assert row["may_retry"]
    assert said(ended(asked, answering, other)) == "other"


def test_killed_twice_from_outside_is_told(asked, begin):
    answering = begin()
    slow = put(asked, sleep_s=LONG_S)
    for attempt in (1, 2):
        psutil.Process(held_by(asked, answering, slow, attempt).pid).send_signal(signal.SIGKILL)
    assert "was killed" in reason(ended(asked, answering, slow, "failed"))


def test_a_question_that_takes_too_long_is_given_up(asked, begin):
    answering = begin(question_limit_s=4.0)  # what is no matter of time is answered in a hundredth of it
    endless, other = put(asked, sleep_s=LONG_S), put(asked, say="other")
    assert "more than 4 s" in reason(ended(asked, answering, endless, "failed"))
    assert said(ended(asked, answering, other)) == "other"


def test_an_analyst_that_takes_no_question_is_replaced(asked, begin):
    answering = begin(deaf_s=4.0)  # far more than the next one needs to begin, on a busy machine too
    ended(asked, answering, put(asked, say="x"))
    psutil.Process(begin.launchers[0].started[0].pid).suspend()
    row = ended(asked, answering, put(asked, say="y"))
    assert (said(row), row["attempt"]) == ("y", 1)
    assert len(begin.launchers[0].started) == 2


def test_where_no_analyst_lives_questions_fail_instead_of_waiting_for_ever(asked, begin, monkeypatch):
    monkeypatch.setattr("ssl_core.engine.answering.AGAIN_AFTER_S", 0.05)
    answering = begin(exit_at_once)
    row = ended(asked, answering, put(asked, say="x"), "failed")
    assert "exit code 3" in reason(row)
    assert len(begin.launchers[0].started) == 2
    assert row["may_retry"]


def test_where_no_process_can_be_started_questions_fail(asked, begin, monkeypatch):
    monkeypatch.setattr("ssl_core.engine.answering.AGAIN_AFTER_S", 0.05)
    answering = begin()

    def refuse(*arguments):
        raise OSError("no more processes")

    monkeypatch.setattr(begin.launchers[0], "start", refuse)
    assert "no more processes" in reason(ended(asked, answering, put(asked, say="x"), "failed"))


def test_a_new_engine_waits_for_what_is_being_answered_and_takes_over_the_rest(asked, begin):
    old = begin()
    slow, other = put(asked, sleep_s=0.5, say="slow"), put(asked, say="other")
    held_by(asked, old, slow)
    new = begin()
    rows = [ended(asked, new, each) for each in (slow, other)]
    assert [said(row) for row in rows] == ["slow", "other"]
    assert [row["attempt"] for row in rows] == [1, 1], "nothing was answered twice"


def test_what_an_analyst_held_that_went_with_its_engine_is_answered_by_the_new_one(asked, begin):
    old = begin()
    slow = put(asked, sleep_s=0.3, say="slow")
    analyst = held_by(asked, old, slow)
    psutil.Process(analyst.pid).send_signal(signal.SIGKILL)
    row = ended(asked, begin(), slow)
    assert (said(row), row["attempt"]) == ("slow", 2)


def test_an_engine_that_ends_takes_its_analyst_along_and_the_next_answers_what_it_held(asked, begin):
    old = begin()
    slow = put(asked, sleep_s=0.3, say="slow")
    held_by(asked, old, slow)
    old.end()
    begin.launchers[0].started[0].join(timeout=60)
    row = ended(asked, begin(), slow)
    assert (said(row), row["attempt"]) == ("slow", 2)


def test_an_analyst_ends_when_nobody_asks(asked, begin):
    answering = begin(analyst_idle_s=0.2)
    ended(asked, answering, put(asked, say="x"))
    process = begin.launchers[0].started[0]
    process.join(timeout=60)
    assert process.exitcode == 0
    answering.turn(can_start=True)
    assert said(ended(asked, answering, put(asked, say="again"))) == "again"
    assert len(begin.launchers[0].started) == 2


def test_an_analyst_ends_with_its_engine(asked, begin):
    answering = begin()
    child = os.fork()  # stands for an engine
    if child == 0:
        time.sleep(LONG_S)
    answering._engine = str(mark_of("engine", child))
    ended(asked, answering, put(asked, say="x"))
    process = begin.launchers[0].started[0]
    assert process.is_alive()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    process.join(timeout=60)
    assert process.exitcode == 0
