import signal
import subprocess
import sys
import time
from types import SimpleNamespace

import psutil
import pytest

from pages._ui import live_words
from ssl_core.engine import client
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.runs.spec import RunSpec


@pytest.fixture(autouse=True)
def fresh_client(monkeypatch):
    monkeypatch.setattr(client, "_started", client._Started())


@pytest.fixture
def starts(monkeypatch):
    """Engines are only counted, not started."""
    started = []

    class Popen:
        def __init__(self, command, **_options):
            started.append(command)

        def poll(self):
            return None

    monkeypatch.delenv("PLAYGROUND_ENGINE")
    monkeypatch.setattr(client, "subprocess", SimpleNamespace(Popen=Popen, DEVNULL=subprocess.DEVNULL))
    return started


def test_without_an_engine_the_state_is_absent(store):
    state = client.engine_state(store)
    assert (state.state, state.queue_length, state.num_running) == ("absent", 0, 0)


def test_an_engine_is_started_once_however_often_it_is_asked_for(store, starts):
    for _ in range(5):
        client.ensure_engine(store)
    assert len(starts) == 1
    assert client.engine_state(store).state == "starting"


def test_an_engine_that_always_fails_is_tried_ever_more_seldom_and_called_broken(store, starts, monkeypatch):
    now, ended_with = [1000.0], [2]
    monkeypatch.setattr(client.time, "monotonic", lambda: now[0])
    monkeypatch.setattr(client.subprocess.Popen, "poll", lambda _self: ended_with[0])
    for _ in range(600):
        client.ensure_engine(store)
        now[0] += 1.0
    assert len(starts) < 20, "within ten minutes; each start costs a second of a whole core"
    state = client.engine_state(store)
    assert (state.state, state.log.endswith("engine-output.log")) == ("broken", True)
    assert "engine-output.log" in live_words.queued(0, None, state).detail, "who waits is told where to look"
    now[0] += client.MOST_PATIENCE_S
    ended_with[0] = None
    client.ensure_engine(store)
    ended_with[0] = -signal.SIGKILL  # from outside: that is no fault of its own
    now[0] += client.MOST_PATIENCE_S
    client.ensure_engine(store)
    assert client.engine_state(store).state == "starting"


def test_a_living_engine_is_not_started_again_and_learns_that_it_is_wanted(store, starts):
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="idle")
    client.ensure_engine(store)
    assert starts == []
    assert store.engine_row()["wanted_at"] is not None
    assert client.engine_state(store) == client.EngineState(state="idle", device="cpu", queue_length=0, num_running=0)


def test_an_engine_that_ended_is_started_when_it_is_wanted(store, starts):
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="ended")
    client.ensure_engine(store)
    assert len(starts) == 1


def test_a_number_that_was_given_to_another_process_is_no_engine(store, starts):
    mine = mark_of("engine")
    reused = ProcessMark(host=mine.host, pid=mine.pid, started_at=mine.started_at - 1000, role="engine")
    store.engine_heartbeat(process=str(reused), device="cpu", state="running")
    assert client.engine_state(store).state == "absent"


@pytest.mark.parametrize(("seconds_ago", "state"), [(1.0, "idle"), (60.0, "absent")])
def test_an_engine_on_another_machine_counts_while_its_word_is_fresh(store, monkeypatch, seconds_ago, state):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - seconds_ago)
    store.engine_heartbeat(process="elsewhere:1:1.00:engine", device="cuda", state="idle")
    monkeypatch.setattr(time, "time", lambda: now)
    assert client.engine_state(store).state == state


def test_a_vanished_engine_is_replaced(store, starts):
    mine = mark_of("engine")
    gone = ProcessMark(host=mine.host, pid=mine.pid, started_at=mine.started_at - 1000, role="engine")
    store.engine_heartbeat(process=str(gone), device="cpu", state="running")
    client.EngineWatch().look(store)
    assert len(starts) == 1


def test_an_engine_that_went_in_peace_is_replaced_only_when_there_is_work(store, starts):
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="ended")
    client.EngineWatch().look(store)
    assert starts == []
    store.submit(RunSpec.from_json({}))
    client.EngineWatch().look(store)
    assert len(starts) == 1


def test_an_engine_that_says_nothing_for_long_is_ended(store, starts, monkeypatch):
    hung = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    store.engine_heartbeat(process=str(mark_of("engine", hung.pid)), device="cpu", state="running")
    watch = client.EngineWatch()
    watch.look(store)
    watch.look(store)
    assert hung.poll() is None, "patience first"
    monkeypatch.setattr(client, "HUNG_S", -1.0)
    watch.look(store)
    assert hung.wait(timeout=30) == -signal.SIGKILL
    watch.look(store)
    assert len(starts) == 1


def test_a_store_that_can_not_be_used_is_told_once_not_every_second(home, starts, caplog):
    (home / "runs.sqlite").write_bytes(b"\xf3" * 20_000)
    watch = client.EngineWatch()
    for _ in range(5):
        watch.try_to_look()
    assert starts == []
    assert len(caplog.records) == 1
    assert "Move that file elsewhere" in caplog.text


def test_a_silent_engine_of_somebody_else_is_told_once_and_left(store, starts, monkeypatch, caplog):
    def refused(mark):
        raise psutil.AccessDenied(mark.pid)

    monkeypatch.setattr(client, "HUNG_S", -1.0)
    monkeypatch.setattr(ProcessMark, "kill", refused)
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="running")
    watch = client.EngineWatch()
    for _ in range(5):
        watch.try_to_look()
    assert starts == []
    assert len(caplog.records) == 1
    assert "can't be looked after" in caplog.text


def test_queued_running_and_paused_runs_are_counted(store):
    for _ in range(4):
        store.submit(RunSpec.from_json({}))
    store.mark(store.claim("a"), "paused")
    store.claim("b")
    state = client.engine_state(store)
    assert (state.queue_length, state.num_running, state.num_paused) == (2, 1, 1)


def test_an_engine_whose_runs_are_all_paused_is_not_said_to_train(store):
    store.engine_heartbeat(process=str(mark_of("engine")), device="cpu", state="running")
    first, second = (store.submit(RunSpec.from_json({}), worker="here") for _ in range(2))
    store.mark(first, "paused")
    assert client.engine_state(store).state == "running"
    store.mark(second, "paused")
    assert client.engine_state(store).state == "paused"
    store.mark(first, "running")
    assert client.engine_state(store).state == "running"


def test_nothing_is_started_where_that_is_switched_off(store, starts, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_ENGINE", "off")
    client.ensure_engine(store)
    assert starts == []
