"""A store that another program has locked for long: nothing fails, nothing is lost or there twice, nobody is killed for it.

The lock is real: a second connection holding ``BEGIN EXCLUSIVE``. It comes and goes by what happens, never by the clock; the
limits of everybody's patience are set so short that they pass many times meanwhile.
"""

import sqlite3
import subprocess
import sys
import threading

import psutil
import pytest
from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine import client, outbox, remote, reporting, worker
from ssl_core.engine.adoption import Watch
from ssl_core.engine.conductor import conduct
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.engine.settings import EngineSettings
from ssl_core.engine.supervisor import Supervisor
from ssl_core.errors import UserError
from ssl_core.runs import patience
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.spec import RunSpec
from tests.conftest import end_engine_and_workers
from tests.engine.fake_session import FakeLauncher, FakeSession
from tests.engine.waiting import wait_until

WORKER = "here:1:1.00:worker"
SILENCE_S, HEARTBEAT_S = 4.0, 0.05
NUM_TROUBLES = (
    40  # each comes after a wait of 0.1 s for workers and one for the lock: in all, longer than a worker may be silent
)


class Lock:
    """Another program that holds the store; any thread may take it and let it go."""

    def __init__(self, path):
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=60.0)

    def take(self):
        self._connection.execute("BEGIN EXCLUSIVE")

    def let_go(self):
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")


@pytest.fixture
def lock(store):
    held = Lock(paths.home() / "runs.sqlite")
    yield held
    held.let_go()


@pytest.fixture(autouse=True)
def _short_patience(monkeypatch):
    monkeypatch.setattr(patience, "PATIENCE_S", 0.02)
    monkeypatch.setattr(patience, "AGAIN_S", 0.01)
    monkeypatch.setattr(outbox, "PATIENCE_S", 0.01)
    monkeypatch.setattr(outbox, "AGAIN_S", 0.0)
    monkeypatch.setattr(reporting, "FINISH_AGAIN_S", 0.01)
    monkeypatch.setattr(remote, "LOOK_EVERY_S", 0.0)


@pytest.fixture
def run_id(store):
    return store.submit(RunSpec.from_json({"probes": ["one ___ two"]}), worker=WORKER)


def lead(store, run_id, session, **more):
    return conduct(store, run_id, WORKER, open_session=lambda spec, on_stage: session, **more)


def assert_all_is_told_once(record):
    assert list(record.metrics["step"]) == list(range(11))
    assert [each.step for each in record.events_of("probe")] == [0, 4, 8, 10]
    assert [each.step for each in record.events_of("checkpoint")] == [4, 8]


def test_a_run_goes_on_while_the_store_is_locked_and_tells_all_of_it_once_afterwards(store, run_id, lock):
    kept_meanwhile = []

    def free_it():
        kept_meanwhile.extend(store.record(run_id).metrics["step"])
        lock.let_go()

    assert lead(store, run_id, FakeSession(before={3: lock.take, 9: free_it})) == "done"
    assert kept_meanwhile == [0, 1, 2], "it was locked, and steps went on"
    assert_all_is_told_once(store.record(run_id))


def test_a_lock_that_lasts_beyond_the_end_is_waited_for(store, run_id, lock, monkeypatch):
    naps = []

    def nap(seconds):
        naps.append(seconds)
        if len(naps) == 5:
            lock.let_go()

    monkeypatch.setattr(reporting.time, "sleep", nap)
    assert lead(store, run_id, FakeSession(before={5: lock.take})) == "done"
    assert len(naps) >= 5
    assert_all_is_told_once(store.record(run_id))
    assert store.record(run_id).result["val_loss_nats"] == 2.5


def test_no_more_waits_in_memory_than_may_and_then_the_run_waits_too(store, run_id, lock, monkeypatch):
    waiting = []

    def nap(seconds):
        waiting.append(outboxes[0].num_waiting)
        if len(waiting) == 3:
            lock.let_go()

    outboxes = []
    make = outbox.Outbox.__init__
    monkeypatch.setattr(outbox.Outbox, "__init__", lambda self: (make(self), outboxes.append(self))[0])
    monkeypatch.setattr(outbox, "MAX_WAITING", 4)
    monkeypatch.setattr(outbox.time, "sleep", nap)
    assert lead(store, run_id, FakeSession(before={3: lock.take})) == "done"
    assert waiting[:3] == [5, 5, 5], "it stood still with one more than may wait"
    assert_all_is_told_once(store.record(run_id))


def test_a_store_that_stays_locked_ends_the_worker_with_a_code_that_is_told_in_words(store, run_id, lock, monkeypatch):
    monkeypatch.setattr(reporting, "FINISH_LOCKED_S", 0.0)
    with pytest.raises(SystemExit) as ended:
        lead(store, run_id, FakeSession(before={5: lock.take}))
    message = reporting.outcomes.of_exit(ended.value.code, "worker.log").message()
    assert "another program kept it locked" in message


def test_a_run_that_was_given_away_meanwhile_stops_when_it_learns_so(store, run_id, lock):
    def give_away():
        lock.let_go()
        store.requeue(run_id, WORKER)
        assert store.claim("somebody else") == run_id

    session = FakeSession(before={3: lock.take, 6: give_away})
    assert lead(store, run_id, session) == "lost"
    assert list(store.record(run_id).metrics["step"]) == [0, 1, 2], "nothing of it lands in somebody else's run"


def test_a_run_broken_off_under_a_lock_says_why_without_sql(store, run_id, lock, monkeypatch):
    def other_trouble():
        raise OperationalError("UPDATE runs SET x=?", (1,), sqlite3.OperationalError("disk I/O error"))

    assert lead(store, run_id, FakeSession(before={5: other_trouble})) == "failed"
    message = UserError.from_json(store.record(run_id).failure).message()
    assert "disk I/O error" in message
    assert "UPDATE" not in message


def test_a_run_taken_up_again_under_a_lock_forgets_before_it_tells(store, run_id, lock):
    store.add_metric(run_id, {"step": 1, "elapsed_s": 1.0, "tokens": 1, "train_loss_nats": 9.0})
    store.requeue(run_id, WORKER)
    store.claim(WORKER)
    session = FakeSession(before={4: lock.let_go})
    lock.take()
    assert lead(store, run_id, session) == "done"
    assert_all_is_told_once(store.record(run_id))
    assert 9.0 not in store.record(run_id).metrics["train_loss_nats"]


def test_a_worker_waits_for_the_lock_before_it_takes_its_run_over(store, lock, monkeypatch):
    run_id = store.submit(RunSpec.from_json({"probes": ["one ___ two"]}), worker="engine")
    naps = []
    monkeypatch.setattr(worker, "redirect_output", lambda path: None)
    monkeypatch.setattr(worker.os, "setsid", lambda: None, raising=False)
    monkeypatch.setattr(patience.time, "sleep", lambda seconds: (naps.append(seconds), len(naps) == 3 and lock.let_go()))
    lock.take()
    worker.main(run_id, "engine", open_session=lambda spec, on_stage: FakeSession())
    assert len(naps) >= 3
    assert_all_is_told_once(store.record(run_id))


@pytest.fixture
def supervisor(store):
    """An engine with real workers, in a thread."""
    values = {"num_workers": 2, "idle_s": 600.0, "prewarms": False}
    settings = EngineSettings(**values, look_around_s=0.02, heartbeat_s=HEARTBEAT_S, silence_s=SILENCE_S)
    one = Supervisor(store, FakeLauncher(), settings)
    thread = threading.Thread(target=one.run)
    thread.start()
    yield one
    one.is_stopping = True
    thread.join()
    end_engine_and_workers(store)


def test_neither_engine_nor_worker_is_killed_for_heartbeats_that_could_not_be_written(store, lock, supervisor, monkeypatch):
    run_id = store.submit(RunSpec.from_json({"training": {"budget": 100_000, "budget_unit": "steps"}}))
    wait_until(lambda: len(store.record(run_id).metrics["step"]), "it reports")
    holder = store.row(run_id)["worker"]
    troubles, forget = [], Watch.forget_silences
    monkeypatch.setattr(Watch, "forget_silences", lambda watch: (troubles.append(1), forget(watch)))
    lock.take()
    wait_until(lambda: len(troubles) > NUM_TROUBLES, "the engine tried for longer than a worker may be silent")
    before = store.record(run_id).metrics["step"][-1]
    lock.let_go()
    wait_until(lambda: store.record(run_id).metrics["step"][-1] > before, "the run's reports come again")
    row = store.row(run_id)
    assert (row["status"], row["worker"], row["attempt"]) == ("running", holder, 1)
    assert ProcessMark.parse(holder).is_alive()
    steps = list(store.record(run_id).metrics["step"])
    assert sorted(set(steps)) == steps, "nothing is there twice"


def test_the_app_does_not_end_an_engine_that_could_not_write(store, lock, monkeypatch):
    monkeypatch.delenv("PLAYGROUND_ENGINE")
    engine = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    store.engine_heartbeat(process=str(mark_of("engine", engine.pid)), device="cpu", state="running")
    watch = client.EngineWatch()
    watch.look(store)
    monkeypatch.setattr(client, "HUNG_S", 0.0)
    lock.take()
    for _ in range(5):
        watch.look(store)
    assert engine.poll() is None, "nobody could write"
    lock.let_go()
    monkeypatch.setattr(client, "HUNG_S", -1.0)
    watch.look(store)
    assert psutil.pid_exists(engine.pid)
    assert engine.wait(timeout=30) < 0, "but one that could and did not is ended"


def test_no_page_breaks_for_words_that_can_wait(store, lock, monkeypatch):
    monkeypatch.setattr(client, "WANTED_PATIENCE_S", 0.0)
    monkeypatch.setattr(client._started, "wanted_at", float("-inf"))
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="idle")
    asked = AskedQuestions(store.engine)
    first = asked.put("f", "predictions", "{}")
    monkeypatch.setattr("ssl_core.runs.asked._STILL_WANTED_S", -1.0)
    lock.take()
    client.ensure_engine(store)
    assert asked.put("f", "predictions", "{}")["id"] == first["id"]
    with pytest.raises(OperationalError) as told:
        asked.put("g", "predictions", "{}")
    assert "busy" in client.unusable.of_store(told.value).message()
