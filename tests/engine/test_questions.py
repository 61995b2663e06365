import time

import numpy as np
import pytest

from ssl_core import analysis, paths
from ssl_core.engine import client, questions
from ssl_core.engine.analyst import Analyst
from ssl_core.engine.processes import mark_of
from ssl_core.errors import UserError
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.spec import RunSpec
from tests.engine.fake_analysis import answer_one

KIND = "predictions"


@pytest.fixture(autouse=True)
def wanted(monkeypatch):
    """How often an engine was asked for."""
    calls = []
    monkeypatch.setattr(client, "ensure_engine", calls.append)
    return calls


@pytest.fixture
def work(store):
    """Answer all that waits, in this process."""
    analyst = Analyst(AskedQuestions(store.engine), str(mark_of("engine")), answer_one)
    return lambda: analyst.work(idle_s=-1.0)


def ask(store, payload, **more):
    return questions.ask(store, KIND, payload, **more)


def test_a_question_waits_and_is_then_answered(store, work, wanted):
    first = ask(store, {"say": "x"})
    assert (first.status, first.values, wanted) == ("waiting", {}, [store])
    work()
    again = ask(store, {"say": "x"})
    assert (again.id, again.status, again.values["said"]) == (first.id, "answered", "x")
    assert questions.look(store, first.id) == again
    assert len(wanted) == 1, "an answer that is there needs no engine"


def test_the_order_of_keys_and_numpys_numbers_make_no_difference(store):
    first = ask(store, {"ids": np.array([1, 2]), "num_top": np.int64(3)})
    assert ask(store, {"num_top": 3, "ids": [1, 2]}).id == first.id


def test_other_weights_other_payload_other_kind_or_other_code_are_other_questions(store, monkeypatch):
    run_id = store.submit(RunSpec.from_json({}), worker="w")
    seen = {ask(store, {"model": questions.of_run(run_id, 0), "text": "a"}).id}
    seen.add(ask(store, {"model": questions.of_run(run_id, 0), "text": "b"}).id)
    for step in (5, 6):
        folder = paths.run_folder(run_id) / "checkpoint"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "checkpoint.safetensors").touch()
        store.add_event(run_id, "checkpoint", step=step, elapsed_s=1.0, payload={})
        seen.add(ask(store, {"model": questions.of_run(run_id), "text": "a"}).id)
    seen.add(questions.ask(store, "sentence_scores", {"model": questions.of_run(run_id), "text": "a"}).id)
    monkeypatch.setattr(analysis, "own_code", lambda: "another version")
    seen.add(ask(store, {"model": questions.of_run(run_id), "text": "a"}).id)
    assert len(seen) == 6


def test_large_arrays_come_from_a_file(store, work):
    ask(store, {"arrays": 4})
    work()
    found = ask(store, {"arrays": 4})
    assert found.arrays()["numbers"].tolist() == [0, 1, 2, 3]
    assert ask(store, {"say": "none"}).arrays() == {}


def test_an_answer_whose_file_is_gone_is_asked_anew(store, work):
    ask(store, {"arrays": 4})
    work()
    found = ask(store, {"arrays": 4})
    found.file.write_bytes(b"damaged")
    with pytest.raises(UserError, match="not kept any more"):
        found.arrays()
    found.file.unlink()
    assert ask(store, {"arrays": 4}).status == "waiting"
    work()
    assert ask(store, {"arrays": 4}).arrays()["numbers"].tolist() == [0, 1, 2, 3]


def test_what_a_person_can_put_right_comes_as_a_failure(store, work):
    ask(store, {"refuse": "Say it otherwise."})
    work()
    found = ask(store, {"refuse": "Say it otherwise."})
    assert (found.status, found.reason.message(), found.may_retry) == ("failed", "Say it otherwise.", False)


def test_a_failure_stands_for_a_while_or_until_somebody_asks_again(store, work, monkeypatch):
    ask(store, {"break": "loose"})
    work()
    found = ask(store, {"break": "loose"})
    assert (found.status, found.may_retry) == ("failed", True)
    assert "loose" in found.reason.message()
    assert ask(store, {"break": "loose"}, again=True).status == "waiting"
    work()
    assert ask(store, {"break": "loose"}).status == "failed"
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + questions.FAILURE_STANDS_S + 1)
    assert ask(store, {"break": "loose"}).status == "waiting"


@pytest.mark.parametrize("run_id", ["0123456789ab", "../../etc", "", None])
def test_a_run_that_is_none_fails_at_once(store, run_id):
    found = ask(store, {"model": questions.of_run(run_id), "text": "x"})
    assert (found.status, found.id) == ("failed", "")
    assert "no run" in found.reason.message()
    assert not AskedQuestions(store.engine).has_waiting()


def test_a_run_without_weights_yet_is_waited_for_without_asking(store):
    run_id = store.submit(RunSpec.from_json({}))
    found = ask(store, {"model": questions.of_run(run_id), "text": "x"})
    assert (found.status, found.id) == ("waiting", "")
    assert "no weights to look at yet" in found.reason.message()
    assert not AskedQuestions(store.engine).has_waiting()


def test_far_too_much_text_is_refused(store):
    found = ask(store, {"text": "word " * 100_000})
    assert "too much" in found.reason.message()


def test_who_waits_is_given_the_answer_as_soon_as_it_is_there(store, work, monkeypatch):
    monkeypatch.setattr(questions.time, "sleep", lambda s: work())
    assert ask(store, {"say": "x"}, wait_s=30.0).values["said"] == "x"


def test_who_asks_again_does_not_wait_again(store, monkeypatch):
    ask(store, {"say": "x"})
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 10.0)
    assert ask(store, {"say": "x"}, wait_s=5.0).status == "waiting", "this would take five seconds if it did"
