"""Engines of other code are stood in for by processes that only sleep."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pages._ui import live_words
from ssl_core.engine import client, launcher, other_code
from ssl_core.engine.processes import mark_of

SLEEPS = "import time; time.sleep(600)"
HEARS_NOTHING = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"


@pytest.fixture
def starts(monkeypatch):
    """Engines may be sent away; those that would be started are only counted."""
    started = []
    monkeypatch.delenv("PLAYGROUND_ENGINE")
    monkeypatch.setattr(client, "_started", client._Started())
    monkeypatch.setattr(client, "_start", lambda: started.append(True))
    monkeypatch.setattr(other_code, "LOADED_AT", time.time() + 60)  # the app is loaded a while after whatever lives
    return started


@pytest.fixture
def engine(store):
    """Begin a process that passes for an engine; all are gone after the test."""
    begun = []

    def begin(code, program=SLEEPS):
        begun.append(subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE))
        if program == HEARS_NOTHING:
            begun[-1].stdout.readline()
        mark = str(mark_of("engine", begun[-1].pid))
        if code is not None:
            store.engine_is_of(mark, code)
        store.engine_heartbeat(process=mark, device="cpu", state="idle")
        return begun[-1]

    yield begin
    for process in begun:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("code", ["of last week", None], ids=["another", "from before engines said so"])
def test_an_engine_of_other_code_is_sent_away_and_replaced_although_nothing_waits(store, starts, engine, code):
    old, watch = engine(code), client.EngineWatch()
    watch.look(store)
    state = client.engine_state(store)
    assert state.state == "starting", "neither at work nor missing"
    assert live_words.queued(0, None, state).title == "The engine is starting"
    assert old.wait(timeout=30) == -signal.SIGTERM
    store.engine_heartbeat(process=store.engine_row()["process"], device="cpu", state="ended")  # as an engine does
    assert client.engine_state(store).state == "starting"
    watch.look(store)
    assert starts == [True]


def test_a_page_view_sends_it_away_too(store, starts, engine):
    old = engine("of last week")
    client.ensure_engine(store)
    assert old.wait(timeout=30) == -signal.SIGTERM
    assert store.engine_row()["wanted_at"] is None, "nobody wants that one"
    client.ensure_engine(store)
    assert starts == [True]


def test_an_engine_of_the_same_code_stays(store, starts, engine):
    same = engine(other_code.own_code())
    client.ensure_engine(store)
    client.EngineWatch().look(store)
    assert client.engine_state(store).state == "idle"
    assert (same.poll(), starts) == (None, [])


def test_an_engine_that_came_after_the_app_stays_so_that_two_apps_never_take_turns(store, starts, engine, monkeypatch):
    monkeypatch.setattr(other_code, "LOADED_AT", time.time() - 60)
    newer = engine("of another checkout")
    client.EngineWatch().look(store)
    assert client.engine_state(store).state == "idle"
    assert newer.poll() is None


def test_an_app_sends_one_engine_away_whatever_the_clock_says(store, starts, engine, monkeypatch):
    engine("of last week")
    client.EngineWatch().look(store)
    another = engine("of another checkout")
    for _ in range(3):
        client.EngineWatch().look(store)
    assert another.poll() is None
    monkeypatch.setattr(client, "_started", client._Started())  # the app is started anew
    client.EngineWatch().look(store)
    assert another.wait(timeout=30) == -signal.SIGTERM


def test_an_engine_that_does_not_go_is_killed(store, starts, engine, monkeypatch):
    old, watch = engine("of last week", HEARS_NOTHING), client.EngineWatch()
    for _ in range(3):
        watch.look(store)
    assert old.poll() is None, "patience first"
    monkeypatch.setattr(other_code, "LAST_WORDS_S", -1.0)
    watch.look(store)
    assert old.wait(timeout=30) == -signal.SIGKILL
    watch.look(store)
    assert starts == [True]


def test_an_engine_that_is_run_by_hand_is_left_alone(store, starts, engine, monkeypatch):
    monkeypatch.setenv("PLAYGROUND_ENGINE", "off")
    old = engine("of last week")
    client.ensure_engine(store)
    assert client.engine_state(store).state == "idle"
    assert old.poll() is None


def test_another_process_in_another_folder_gets_the_same_mark(tmp_path):
    program = "from ssl_core.engine import other_code; print(other_code.own_code())"
    environment = os.environ | {"PYTHONPATH": str(launcher.SOURCE_ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert said.stdout.strip() == other_code.own_code()
