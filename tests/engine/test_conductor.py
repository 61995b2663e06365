import errno
import sqlite3

import pytest
from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import remote, reporting
from ssl_core.engine.conductor import conduct
from ssl_core.errors import UserError
from ssl_core.runs import weights
from ssl_core.runs.spec import RunSpec
from tests.engine.fake_session import FakeSession
from tests.engine.told import when

WORKER = "here:1:1.00:worker"


@pytest.fixture(autouse=True)
def looks_after_every_step(monkeypatch):
    monkeypatch.setattr(remote, "LOOK_EVERY_S", 0.0)


@pytest.fixture
def run_id(store):
    return store.submit(RunSpec.from_json({"probes": ["one ___ two"]}), worker=WORKER)


def lead(store, run_id, session, **more):
    def open_session(spec, on_stage):
        for stage in ("corpus", "tokenizer", "model"):
            on_stage(stage)
        return session

    return conduct(store, run_id, WORKER, open_session=open_session, **more)


def test_a_run_is_led_from_preparation_to_done(store, run_id):
    assert lead(store, run_id, FakeSession()) == "done"
    record = store.record(run_id)
    assert (record.status, record.result["val_loss_nats"]) == ("done", 2.5)
    assert [each.payload["stage"] for each in record.events_of("prepared")] == ["corpus", "tokenizer", "model"]
    assert record.latest("started").payload["parameters"] == 1234
    assert record.latest("baselines").payload["unigram_nats"] == 3.0
    assert list(record.metrics["step"]) == list(range(11)), "steps of 0.3 s are all kept"
    assert (paths.run_folder(run_id) / "model" / "config.json").exists()
    assert not (paths.run_folder(run_id) / "checkpoint").exists(), "nothing to go on from once it is done"


def test_a_slow_stage_tells_how_far_it_is(store, run_id):
    def open_session(spec, on_stage):
        on_stage("tokenizer")
        on_stage("tokenizer", 0.25)
        return FakeSession()

    conduct(store, run_id, WORKER, open_session=open_session)
    told = [(each.payload["stage"], each.payload["share"]) for each in store.record(run_id).events_of("prepared")]
    assert told == [("tokenizer", 0.0), ("tokenizer", 0.25)]


def test_quick_steps_are_thinned_but_never_validations_the_first_or_the_last(store, run_id):
    lead(store, run_id, FakeSession(num_steps=50, step_s=0.01))
    steps = list(store.record(run_id).metrics["step"])
    assert {0, 1, 50} <= set(steps)
    assert set(range(0, 51, 4)) <= set(steps), "every fourth step was validated"
    assert len(steps) < 20, steps


def test_probes_are_looked_at_with_every_snapshot(store, run_id):
    session = FakeSession()
    lead(store, run_id, session)
    assert [(step, probe_id) for step, probe_id, _ in session.probed] == [(0, "0"), (4, "0"), (8, "0"), (10, "0")]
    assert [each.step for each in store.record(run_id).events_of("checkpoint")] == [4, 8]


def test_stop_ends_with_the_result_so_far_and_a_model(store, run_id):
    session = FakeSession(before={4: lambda: store.control(run_id, "stop")})
    assert lead(store, run_id, session) == "stopped"
    record = store.record(run_id)
    assert (record.status, record.result["steps"], record.metrics["step"][-1]) == ("stopped", 4, 4)
    assert (paths.run_folder(run_id) / "model").exists()


def test_stop_is_obeyed_while_the_run_gets_ready(store, run_id):
    store.control(run_id, "stop")
    session = FakeSession()
    assert lead(store, run_id, session) == "stopped"
    assert session.step == 0
    assert store.record(run_id).result is None


def test_a_pause_stands_still_and_does_not_count(store, run_id):
    session = FakeSession(before={3: lambda: store.control(run_id, "pause")})
    thread = when(store, run_id, "paused", ("resume", {}))
    assert lead(store, run_id, session) == "done"
    thread.join()
    record = store.record(run_id)
    assert [each.step for each in record.events_of("paused")] == [3]
    assert [each.step for each in record.events_of("resumed")] == [3]
    assert record.metrics["elapsed_s"][-1] == pytest.approx(3.0), "ten steps of 0.3 s, and no pause"


def test_a_single_step_takes_exactly_one_and_stays_paused(store, run_id):
    seen = []
    session = FakeSession(before={3: lambda: store.control(run_id, "pause")})
    thread = when(store, run_id, "paused", ("step", {}), ("step", {}), ("stop", {}))
    lead(store, run_id, session, on_report=lambda report: seen.append((report.step, store.row(run_id)["status"])))
    thread.join()
    assert session.step == 5, "step 3, then two single ones"
    assert seen[-2:] == [(4, "paused"), (5, "paused")]
    assert {4, 5} <= set(store.record(run_id).metrics["step"]), "each single step is shown"
    assert {4, 5} <= {step for step, _, _ in session.probed}, "and what it did to the predictions"


def test_a_step_on_a_running_run_pauses_it_after_one_more(store, run_id):
    session = FakeSession(before={3: lambda: store.control(run_id, "step")})
    thread = when(store, run_id, "paused", ("stop", {}))
    lead(store, run_id, session)
    thread.join()
    assert session.step == 4


def test_a_sentence_added_while_paused_is_answered_at_once(store, run_id):
    session = FakeSession(before={3: lambda: store.control(run_id, "pause")})
    thread = when(store, run_id, "paused", ("probe", {"text": "added ___ now"}), ("resume", {}))
    lead(store, run_id, session)
    thread.join()
    assert (3, "1", "added ___ now") in session.probed
    assert (8, "1", "added ___ now") in session.probed, "it is watched from then on"
    answered = [each.id for each in store.record(run_id).events if each.payload.get("probe_id") == "1"]
    assert answered[0] < store.record(run_id).latest("resumed").id


@pytest.mark.parametrize("text", ["please refuse ___", "", "   ", "x" * 301, None, 5])
def test_a_sentence_that_cannot_be_watched_is_refused_and_the_run_goes_on(store, run_id, text):
    session = FakeSession(before={3: lambda: store.control(run_id, "probe", {"text": text})})
    assert lead(store, run_id, session) == "done"
    refused = store.record(run_id).latest("probe_refused").payload
    assert UserError.from_json(refused["failure"]).message()
    assert {probe_id for _, probe_id, _ in session.probed} == {"0"}


def test_no_more_sentences_than_fit(store, run_id):
    def add_ten():
        for number in range(10):
            store.control(run_id, "probe", {"text": f"sentence {number} ___"})

    session = FakeSession(before={2: add_ten})
    lead(store, run_id, session)
    assert len({probe_id for _, probe_id, _ in session.probed}) == 8
    assert len(store.record(run_id).events_of("probe_refused")) == 3


def test_the_same_sentence_again_keeps_its_id(store, run_id):
    session = FakeSession(before={2: lambda: store.control(run_id, "probe", {"text": "one ___ two"})})
    lead(store, run_id, session)
    assert {probe_id for _, probe_id, _ in session.probed} == {"0"}
    assert 2 in {step for step, _, _ in session.probed}, "answered at once all the same"


def test_patience_is_told(store, run_id):
    assert lead(store, run_id, FakeSession(reason="patience")) == "done"
    assert store.record(run_id).latest("early_stopped").payload == {"best_step": 3}


def test_what_a_person_can_put_right_is_told_as_it_is(store, run_id):
    def open_session(spec, on_stage):
        raise UserError("The text {name} is too short.", name="x")

    assert conduct(store, run_id, WORKER, open_session=open_session) == "failed"
    failure = UserError.from_json(store.record(run_id).failure)
    assert failure.message() == "The text x is too short."


def test_any_other_exception_is_named_with_where_to_look(store, run_id):
    def break_off():
        raise ZeroDivisionError("division by zero")

    assert lead(store, run_id, FakeSession(before={5: break_off})) == "failed"
    record = store.record(run_id)
    message = UserError.from_json(record.failure).message()
    assert "ZeroDivisionError: division by zero" in message
    assert "worker.log" in message
    assert record.metrics["step"][-1] >= 4, "its curves are kept"


def test_settings_that_are_no_longer_valid_fail_the_run(store, run_id):
    store._write(__import__("sqlalchemy").text('update runs set spec = \'{"task": "gone"}\''))
    assert lead(store, run_id, FakeSession()) == "failed"
    assert "gone" in UserError.from_json(store.record(run_id).failure).message()


def test_a_disk_that_is_full_at_a_checkpoint_ends_the_run_and_keeps_its_curves(store, run_id, monkeypatch):
    def no_room(self, folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FakeSession, "save_checkpoint", no_room)
    assert lead(store, run_id, FakeSession()) == "failed"
    record = store.record(run_id)
    assert "disk is full" in UserError.from_json(record.failure).message()
    assert list(record.metrics["step"]) == [0, 1, 2, 3, 4]


def test_a_disk_that_is_full_at_the_end_keeps_the_result_too(store, run_id, monkeypatch):
    def no_room(self, folder):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FakeSession, "export", no_room)
    assert lead(store, run_id, FakeSession()) == "failed"
    assert store.record(run_id).result["val_loss_nats"] == 2.5


def full_database():
    raise OperationalError("insert", {}, sqlite3.OperationalError("database or disk is full"))


def test_a_store_without_room_is_tried_again_until_the_reason_is_written(store, run_id, monkeypatch):
    finish, tries = store.finish, []

    def finish_the_third_time(*arguments, **named):
        tries.append(1)
        return full_database() if len(tries) < 3 else finish(*arguments, **named)

    monkeypatch.setattr(reporting, "FINISH_AGAIN_S", 0.01)
    monkeypatch.setattr(store, "add_metric", lambda *_arguments, **_named: full_database())
    monkeypatch.setattr(store, "finish", finish_the_third_time)
    assert lead(store, run_id, FakeSession()) == "failed"
    assert "disk is full" in UserError.from_json(store.record(run_id).failure).message()


def test_a_worker_that_cannot_even_say_why_tells_the_engine_by_its_exit_code(store, run_id, monkeypatch):
    monkeypatch.setattr(reporting, "FINISH_AGAIN_S", 0.001)
    monkeypatch.setattr(store, "add_metric", lambda *_arguments, **_named: full_database())
    monkeypatch.setattr(store, "finish", lambda *_arguments, **_named: full_database())
    with pytest.raises(SystemExit) as ended:
        lead(store, run_id, FakeSession())
    assert ended.value.code == 28


def test_a_worker_that_lost_its_run_stops_and_writes_nothing_more(store, run_id):
    def take_away():
        store.requeue(run_id, WORKER)
        assert store.claim("somebody else") == run_id

    session = FakeSession(before={4: take_away})
    assert lead(store, run_id, session) == "lost"
    assert session.step == 4
    row = store.row(run_id)
    assert (row["status"], row["worker"]) == ("running", "somebody else")
    assert store.record(run_id).metrics["step"][-1] == 3


def test_a_run_goes_on_from_its_last_checkpoint(store, run_id):
    def go_down():
        raise KeyboardInterrupt

    def never_finish(*_arguments, **_named):
        return True

    finish, store.finish = store.finish, never_finish  # the process is gone before it can say anything
    with pytest.raises(KeyboardInterrupt):
        lead(store, run_id, FakeSession(before={7: go_down, 5: lambda: store.control(run_id, "probe", {"text": "more ___"})}))
    store.finish = finish
    weights.step_file(paths.run_folder(run_id) / weights.STEPS, 7).write_bytes(b"")  # later than its checkpoint
    store.requeue(run_id, WORKER)
    assert store.claim(WORKER) == run_id

    second = FakeSession()
    assert lead(store, run_id, second) == "done"
    assert second.loaded_from is not None
    record = store.record(run_id)
    assert list(record.metrics["step"]) == list(range(11)), "steps 5 and 6 were taken again, and none is there twice"
    assert record.latest("taken_up").payload == {"attempt": 2}
    assert (8, "1", "more ___") in second.probed, "sentences that were added stay"
    assert weights.steps(store, run_id) == [0, 2, 4, 6, 8], "what it was like on the way stays"


def test_a_run_without_checkpoint_begins_again(store, run_id):
    store.add_metric(run_id, {"step": 1, "elapsed_s": 1.0, "tokens": 1, "train_loss_nats": 9.0})
    store.requeue(run_id, WORKER)
    store.claim(WORKER)
    lead(store, run_id, FakeSession())
    assert 9.0 not in store.record(run_id).metrics["train_loss_nats"]
