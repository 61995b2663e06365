"""The whole engine, torch and all, in processes of its own."""

import json
import os
import signal
import subprocess
import sys

import psutil
import pytest
import sqlalchemy as sa

from ssl_core import paths
from ssl_core.engine import other_code, questions
from ssl_core.engine.processes import ProcessMark
from ssl_core.runs import tables
from ssl_core.runs.asked import AskedQuestions
from ssl_core.runs.spec import RunSpec
from tests.engine.waiting import wait_until


def engine_mark(store):
    row = store.engine_row()
    mark = ProcessMark.parse(row["process"]) if row else None
    return mark if mark is not None and mark.is_alive() else None


def is_warm(store):
    return engine_mark(store) is not None and store.engine_row()["state"] in ("idle", "running")


def small_run(small_text, **training):
    values = {
        "corpus": str(small_text),
        "tokenizer": {"vocabulary_size": 256},
        "model": {"size": "tiny", "context_tokens": 32},
        "training": {"budget": 600, "validation_sequences": 8} | training,
    }
    return RunSpec.from_json(values)


WATCHING_APP = "from ssl_core.engine import client; client.watch_engine(); import time; time.sleep(300)"


def test_runs_outlive_the_engine_and_the_app(live_engine, store, small_text, monkeypatch, request):
    monkeypatch.setenv("PLAYGROUND_WORKERS", "2")
    app = subprocess.Popen([sys.executable, "-c", WATCHING_APP])
    request.addfinalizer(app.kill)
    first, second = (store.submit(small_run(small_text)) for _ in range(2))
    wait_until(lambda: is_warm(store), "an engine is there")
    for run_id in (first, second):
        wait_until(lambda run_id=run_id: len(store.record(run_id).metrics["step"]) > 2, f"{run_id} reports")
    old = engine_mark(store)
    log = (paths.home() / "logs" / "engine.log").read_text()
    assert "is_preloaded=True" in log, "what is preloaded fails without a word otherwise"

    app.kill()
    app.wait()
    assert old.is_alive(), "the engine does not need the app"

    workers = {run_id: store.row(run_id)["worker"] for run_id in (first, second)}
    psutil.Process(ProcessMark.parse(workers[second]).pid).send_signal(signal.SIGKILL)
    wait_until(lambda: store.row(second)["status"] == "failed", "the killed run is labelled")
    assert "signal 9" in store.row(second)["failure"]
    assert store.row(first)["status"] == "running"

    psutil.Process(old.pid).kill()
    app = subprocess.Popen([sys.executable, "-c", WATCHING_APP])
    request.addfinalizer(app.kill)
    new = wait_until(lambda: (mark := engine_mark(store)) and mark != old and mark, "another engine takes over")
    before = store.record(first).metrics["step"][-1]
    wait_until(lambda: store.record(first).metrics["step"][-1] > before, "the run goes on")
    assert store.row(first)["worker"] == workers[first], "with the worker it had"
    assert store.row(first)["attempt"] == 1

    store.control(first, "stop")
    row = wait_until(lambda: store.row(first)["status"] == "stopped" and store.row(first), "the run stops")
    assert row["failure"] is None
    steps = list(store.record(first).metrics["step"])
    assert sorted(set(steps)) == steps, "nothing ran twice"
    assert (paths.run_folder(first) / "model" / "model.safetensors").exists()
    assert new.is_alive()


def test_questions_are_answered_beside_the_training_whatever_dies(live_engine, store, small_text):
    def asked(**more):
        answer = questions.ask(store, "predictions", {"model": questions.of_run(run_id), "text": "The small ___ sees"} | more)
        assert answer.status != "failed", answer.reason.message()
        return answer if answer.status == "answered" else None

    def analyst():
        rows = AskedQuestions(store.engine).held() or [row for row in [newest_question()] if row]
        return ProcessMark.parse(rows[0]["worker"] or "") if rows else None

    def newest_question():
        with store.engine.connect() as connection:
            return (
                connection.execute(sa.select(tables.questions).order_by(tables.questions.c.created_at.desc()))
                .mappings()
                .first()
            )

    run_id = store.submit(small_run(small_text))
    first = wait_until(asked, "an answer of a run that goes on; asking starts the engine")
    assert first.values["step"] > 0
    assert first.arrays()["probability_NV"].sum() == pytest.approx(1.0, abs=1e-4)
    psutil.Process(analyst().pid).send_signal(signal.SIGKILL)
    wait_until(lambda: asked(num_top=3), "an answer after the analyst was killed")
    assert store.row(run_id)["status"] == "running"
    assert store.row(run_id)["attempt"] == 1
    last_analyst = analyst()
    old = engine_mark(store)
    psutil.Process(old.pid).kill()
    wait_until(lambda: asked(num_top=4), "an answer after the engine was killed")
    assert engine_mark(store) != old
    wait_until(lambda: not last_analyst.is_alive(), "an analyst ends with its engine")
    before = store.record(run_id).metrics["step"][-1]
    wait_until(lambda: store.record(run_id).metrics["step"][-1] > before, "the run goes on")
    store.control(run_id, "stop")
    row = wait_until(lambda: store.row(run_id)["status"] == "stopped" and store.row(run_id), "the run stops")
    last = wait_until(asked, "an answer of the finished run")
    assert last.values["step"] == json.loads(row["result"])["steps"]


def test_only_one_engine_lives_for_a_home(live_engine, store):
    command = [sys.executable, "-m", "ssl_core.engine"]
    environment = os.environ | {"PYTHONPATH": os.getcwd()}
    first = subprocess.Popen(command, env=environment)
    wait_until(lambda: engine_mark(store), "the first engine is there")
    second = subprocess.run(command, env=environment, timeout=60, check=False)
    assert second.returncode == 0
    assert engine_mark(store).pid == first.pid
    assert store.engine_row()["code"] == other_code.own_code(), "no app of this code sends it away"
    first.terminate()
    assert first.wait(timeout=60) == 0
    assert store.engine_row()["state"] == "ended"


def test_two_apps_at_once_get_one_engine(live_engine, store):
    starter = "from ssl_core.engine import client; client.ensure_engine(); import time; time.sleep(4)"
    apps = [subprocess.Popen([sys.executable, "-c", starter]) for _ in range(2)]
    wait_until(lambda: engine_mark(store), "an engine is there")
    for app in apps:
        app.wait()
    home = str(paths.home())

    def engines():
        return [each.pid for each in psutil.process_iter() if _is_engine_of(each, home)]

    wait_until(lambda: engines() == [engine_mark(store).pid], "the second one, if there was one, has seen the first and ended")


def _is_engine_of(process, home):
    try:
        return process.cmdline()[-2:] == ["-m", "ssl_core.engine"] and process.environ().get("PLAYGROUND_HOME") == home
    except (psutil.AccessDenied, psutil.NoSuchProcess):
        return False


def test_a_setting_that_makes_no_sense_is_told(home):
    environment = os.environ | {"PLAYGROUND_WORKERS": "many", "PYTHONPATH": os.getcwd()}
    ended = subprocess.run(
        [sys.executable, "-m", "ssl_core.engine"], env=environment, timeout=60, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert "PLAYGROUND_WORKERS is 'many'" in ended.stderr
