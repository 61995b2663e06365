"""Training from the command line."""

import json
import os
import pty
import shlex
import signal
import subprocess
import sys

import numpy as np
import pytest

from ssl_core import paths
from ssl_core.cli import main
from ssl_core.runs import downloads
from ssl_core.training import devices

pytestmark = pytest.mark.usefixtures("one_thread")
REPORT = ["step", "elapsed_s", "tokens", "tokens_per_s", "train_loss_nats", "val_loss_nats"]
BASELINES = {"uniform_nats", "unigram_nats", "bigram_nats", "floor_nats"}
SMALL = ["--size", "tiny", "--context-tokens", "32", "--vocabulary-size", "256", "--validation-sequences", "8"]


@pytest.fixture
def train(small_text, capsys):
    """Train on a small text in this process; the answer is the exit code, the JSON lines and what else was said."""

    def run(*words):
        corpus = [] if {"--corpus", "--config"} & set(words) else ["--corpus", str(small_text), *SMALL]
        code = main(["train", *corpus, *words, "--json"])
        told = capsys.readouterr()
        return code, [strict(line) for line in told.out.splitlines()], told.err

    return run


@pytest.fixture
def start(small_text):
    """Start training on a small text in a process of its own."""
    started = []

    def begin(*words, **options):
        command = [sys.executable, "-m", "ssl_core", "train", "--corpus", str(small_text), *SMALL, *words]
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        started.append(subprocess.Popen(command, **(streams | options)))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def strict(line):
    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    return json.loads(line, parse_constant=refuse)


def test_a_json_line_for_each_report_and_the_result_last(train, store):
    code, lines, err = train("--steps", "6")
    assert code == 0, err
    assert all(list(line) == REPORT for line in lines[:-1])
    assert [line["step"] for line in lines[:-1]] == list(range(7))
    assert lines[0]["train_loss_nats"] is None, "not a number is no JSON"
    result = lines[-1]["result"]
    assert result["val_loss_nats"] == lines[-2]["val_loss_nats"]
    assert set(result["baselines"]) >= BASELINES
    assert result["baselines"]["floor_nats"] is None
    assert store.record(result["run_id"]).status == "done", "the app shows it, too"


def test_the_line_and_the_file_of_a_run_give_the_same_numbers(train, store, tmp_path):
    code, first, err = train("--seconds", "1.5", "--dropout", "0.1")
    assert code == 0, err
    record = store.record(first[-1]["result"]["run_id"])
    line = shlex.split(downloads.reproduce_command(record))
    assert line[:4] == ["python", "-m", "ssl_core", "train"]
    _, second, _ = train(*line[4:])
    file = tmp_path / "run.json"
    file.write_text(downloads.config_json(record))
    _, third, _ = train("--config", str(file))
    for again in (second, third):
        assert [line.get("train_loss_nats") for line in again] == [line.get("train_loss_nats") for line in first]
        assert again[-1]["result"]["test_loss_nats"] == first[-1]["result"]["test_loss_nats"]


def test_ctrl_c_stops_cleanly(start, store):
    process = start("--seconds", "300", "--json")
    while json.loads(process.stdout.readline())["step"] < 5:
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    result = strict(out.splitlines()[-1])["result"]
    record = store.record(result["run_id"])
    assert (record.status, result["status"]) == ("stopped", "stopped")
    assert record.metrics["step"][-1] == result["steps"] >= 5, "the last step it took is kept"
    assert np.isfinite(record.metrics["train_loss_nats"][1:]).all()
    assert record.result["val_loss_nats"] == result["val_loss_nats"]
    assert (paths.run_folder(record.id) / "model").exists()


def test_a_second_ctrl_c_breaks_off_and_the_run_is_stopped_all_the_same(start, store):
    process = start("--seconds", "300", "--validation-sequences", "4096")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert store.rows()[0]["status"] == "stopped"


def test_a_reader_who_has_seen_enough_stops_the_run_without_noise(start, store):
    process = start("--seconds", "300", "--json")
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(timeout=120) == 141
    assert "Traceback" not in process.stderr.read()
    assert store.rows()[0]["status"] == "stopped"


def test_a_run_that_fails_ends_with_1_and_the_reason(train, store, small_text, tmp_path):
    short = tmp_path / "short.txt"
    short.write_text(small_text.read_text(encoding="utf-8")[:15_000], encoding="utf-8")
    code, lines, err = train("--steps", "2", "--corpus", str(short), "--context-tokens", "512")
    assert code == 1
    assert "too short for a context of 512" in err
    assert lines[-1]["result"]["status"] == "failed"
    assert store.record(lines[-1]["result"]["run_id"]).status == "failed"
    assert "Traceback" not in err


def test_a_device_that_this_machine_lacks_is_refused_before_a_run_is_kept(train, store):
    lacking = next(name for name in ("cuda", "mps") if not devices.is_available(name))  # no machine has both
    code, lines, err = train("--steps", "2", "--device", lacking)
    assert code == 2
    assert lines == []
    assert f"no {lacking}" in err
    assert "cpu" in err, "what it does have"
    assert store.rows() == []


def test_a_text_that_is_gone_is_told_before_a_run_is_kept(train, store, small_text, tmp_path):
    file = tmp_path / "run.json"
    file.write_text(json.dumps({"corpus": str(tmp_path / "gone.txt")}))
    code, lines, err = train("--config", str(file))
    assert (code, lines, store.rows()) == (2, [], [])
    assert "There is no file" in err


def test_a_terminal_gets_one_line_that_moves(start):
    ours, theirs = pty.openpty()
    process = start("--steps", "3", stdout=theirs, stderr=theirs, text=False)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:  # the other side is closed: that is how a terminal ends
            break
        if not piece:
            break
        shown += piece
    assert process.wait(timeout=120) == 0
    text = shown.decode()
    assert "100%" in text
    assert text.count("\r█") + text.count("\r·") >= 1
