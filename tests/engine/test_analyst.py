import json
import os

import numpy as np
import pytest
from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import analyst
from ssl_core.engine.analyst import Analyst
from ssl_core.engine.own_memory import Growth
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.runs.asked import AskedQuestions
from tests.engine.fake_analysis import answer_one


@pytest.fixture
def asked(store):
    return AskedQuestions(store.engine)


@pytest.fixture
def one(asked):
    return Analyst(asked, str(mark_of("engine")), answer_one)


def put(asked, **payload):
    text = json.dumps(payload)
    return asked.put(text, "predictions", text)["id"]


def failure(asked, question_id):
    row = asked.find(question_id)
    return json.loads(row["failure"])["template"], row["may_retry"]


def test_all_that_waits_is_answered(asked, one):
    ids = [put(asked, say=str(number)) for number in range(3)]
    one.work(idle_s=-1.0)
    assert [json.loads(asked.find(each)["answer"])["said"] for each in ids] == ["0", "1", "2"]


def test_a_question_that_breaks_leaves_the_others_alone(asked, one):
    broken, refused, good = put(asked, **{"break": "x"}), put(asked, refuse="No."), put(asked, say="y")
    one.work(idle_s=-1.0)
    assert asked.find(good)["status"] == "answered"
    assert failure(asked, refused) == ("No.", False)
    assert "broke off" in failure(asked, broken)[0]
    assert failure(asked, broken)[1]


def test_the_bytes_of_values_and_arrays_are_counted(asked, one):
    question_id = put(asked, arrays=100)
    one.work(idle_s=-1.0)
    row = asked.find(question_id)
    assert row["num_bytes"] == len(row["answer"]) + (paths.answers_folder() / row["file"]).stat().st_size
    assert row["num_bytes"] > 400


def test_it_ends_with_its_engine(asked):
    mine = mark_of("engine")
    gone = ProcessMark(host=mine.host, pid=mine.pid, started_at=mine.started_at - 1000, role="engine")
    question_id = put(asked, say="x")
    Analyst(asked, str(gone), answer_one).work(idle_s=600.0)
    assert asked.find(question_id)["status"] == "waiting", "left to the next engine's"


def test_a_question_that_was_taken_away_is_not_answered_twice(asked, one, monkeypatch):
    question_id = put(asked, say="mine")

    def taken_away(kind, payload):
        asked.give_back(question_id, one._mark)
        assert asked.claim("another")["id"] == question_id
        return answer_one(kind, payload)

    monkeypatch.setattr(one, "_answer_one", taken_away)
    one.work(idle_s=-1.0)
    assert asked.find(question_id)["status"] == "held"
    assert asked.find(question_id)["worker"] == "another"


def test_a_full_disk_is_told_and_leaves_nothing_half_written(asked, one, monkeypatch):
    def full(tensors, path):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(analyst, "save_file", full)
    question_id = put(asked, arrays=100)
    one.work(idle_s=-1.0)
    assert "disk is full" in failure(asked, question_id)[0]
    assert list(paths.answers_folder().iterdir()) == []


def test_a_store_that_does_not_answer_is_asked_again(asked, one, monkeypatch):
    question_id = put(asked, say="x")
    tries = []
    claim = asked.claim

    def busy_first(worker):
        tries.append(worker)
        if len(tries) < 3:
            raise OperationalError("claim", {}, Exception("database is locked"))
        return claim(worker)

    monkeypatch.setattr(asked, "claim", busy_first)
    one.work(idle_s=1.0)
    assert asked.find(question_id)["status"] == "answered"


def test_old_answers_go_now_and_then(asked, one, monkeypatch):
    monkeypatch.setattr(analyst, "PRUNE_EVERY", 2)
    pruned = []
    monkeypatch.setattr(asked, "prune", lambda: pruned.append(one._num_answered))
    for number in range(5):
        put(asked, say=str(number))
    one.work(idle_s=-1.0)
    assert pruned == [0, 2, 4]


def test_no_memory_is_told_as_such(asked, one, monkeypatch):
    def no_memory(kind, payload):
        raise MemoryError

    monkeypatch.setattr(one, "_answer_one", no_memory)
    question_id = put(asked, say="x")
    one.work(idle_s=-1.0)
    assert "not enough memory" in failure(asked, question_id)[0]


def test_it_gives_way_to_others():
    child = os.fork()
    if child == 0:
        os.setsid()  # else the whole session of these tests gives way
        analyst.give_way()
        os._exit(os.nice(0))
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == min(19, os.nice(0) + analyst.NICENESS)


def grown(*sizes_mb):
    """Growth as it is found at the beginning and at each look after it."""
    sizes = iter([0, *(size * 1_000_000 for size in sizes_mb)])
    return Growth(measure=lambda: next(sizes), max_grown_bytes=100_000_000)


def test_one_that_has_grown_too_large_makes_room_once_nobody_asks(asked, monkeypatch):
    monkeypatch.setattr(analyst, "TIDY_AFTER_S", -1.0)
    first, second = put(asked, say="1"), put(asked, say="2")
    growth = grown(101)
    Analyst(asked, str(mark_of("engine")), answer_one, growth).work(idle_s=600.0)
    assert [json.loads(asked.find(each)["answer"])["said"] for each in (first, second)] == ["1", "2"], "first all is answered"
    assert growth.grown_bytes == 101_000_000


def test_one_that_keeps_small_stays_and_is_measured_once_a_rest(asked, monkeypatch):
    monkeypatch.setattr(analyst, "TIDY_AFTER_S", -1.0)
    looks = []
    monkeypatch.setattr(analyst.time, "sleep", lambda _seconds: looks.append(1) or (len(looks) == 3 and put(asked, say="more")))
    put(asked, say="1")
    growth = grown(99, 120)
    Analyst(asked, str(mark_of("engine")), answer_one, growth).work(idle_s=600.0)
    assert growth.grown_bytes == 120_000_000, "measured after the first rest, and after the second"
    assert len(looks) >= 3, "between both it waited without measuring"


def test_memory_that_is_freed_goes_back_to_the_system():
    held, growth = np.ones(40_000_000), Growth(max_grown_bytes=160_000_000)
    more = np.ones(40_000_000)
    assert growth.is_too_large(), "320 MB more, and not free"
    del more
    assert not growth.is_too_large()
    assert held.size
