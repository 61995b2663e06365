"""The command line in this process: what needs no training."""

import json
import runpy
import subprocess
import sys

import pytest

from ssl_core.cli import main
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.runs.spec import RunSpec


@pytest.fixture
def run_id(store):
    return store.submit(RunSpec.from_json({}), name="<b>my run</b>")


def test_tasks_are_listed(capsys):
    assert main(["tasks"]) == 0
    text = capsys.readouterr().out
    assert "masked_lm" in text
    assert "causal_lm" in text


def test_corpora_are_listed_as_json(capsys):
    assert main(["corpora", "--json"]) == 0
    found = {card["key"]: card for card in json.loads(capsys.readouterr().out)}
    assert {"bbc-news", "peoples-daily"} <= set(found)
    assert found["bbc-news"]["licence"]


@pytest.mark.parametrize("words", [["--lang", "zh", "tasks"], ["tasks", "--lang", "zh"], ["tasks", "--lang=zh"]])
def test_the_language_can_be_asked_for_anywhere(capsys, words):
    assert main(words) == 0
    assert "掩码" in capsys.readouterr().out


def test_the_language_is_that_of_the_terminal(capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert main(["runs", "show", "nope"]) == 2
    assert "没有编号为" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["runs"], ["nope"], ["train", "--nope"], ["train", "--steps", "1", "--seconds", "1"]])
def test_words_that_make_no_sense_end_with_2_and_say_why(capsys, words):
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "--help" in told.err


def test_help_tells_every_setting_with_its_range(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["train", "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    assert "--learning-rate" in text
    assert "(1e-06 – 1)" in text


def test_runs_are_listed_and_shown(capsys, run_id):
    assert main(["runs", "list"]) == 0
    assert run_id in capsys.readouterr().out
    assert main(["runs", "list", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["id"], each["status"], each["task"]) for each in listed] == [(run_id, "queued", "masked_lm")]
    assert main(["runs", "show", run_id]) == 0
    assert "python -m ssl_core train" in capsys.readouterr().out
    assert main(["runs", "show", run_id, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["spec"]["corpus"] == "bbc-news"


def test_an_empty_list_says_what_to_do(capsys):
    assert main(["runs", "list"]) == 0
    assert "python -m ssl_core train" in capsys.readouterr().out


def test_a_run_is_stopped_then_deleted(capsys, store, run_id):
    assert main(["runs", "delete", run_id]) == 2
    assert "still going" in capsys.readouterr().err
    assert main(["runs", "stop", run_id]) == 0
    assert main(["runs", "stop", run_id]) == 2
    assert main(["runs", "delete", run_id]) == 0
    assert store.rows() == []


@pytest.mark.parametrize("run_id", ["../../x", "<script>", "deadbeef"])
@pytest.mark.parametrize("action", ["show", "stop", "delete"])
def test_an_unknown_run_is_told(capsys, action, run_id):
    assert main(["runs", action, run_id]) == 2
    assert "There is no run" in capsys.readouterr().err


def test_a_run_whose_command_is_gone_is_not_called_running(capsys, store):
    mine = mark_of("command")
    gone = ProcessMark(host=mine.host, pid=mine.pid, started_at=mine.started_at - 1000, role="command")
    run_id = store.submit(RunSpec.from_json({}), worker=str(gone))
    living = store.submit(RunSpec.from_json({}), worker=str(mine))
    main(["runs", "list"])
    assert store.row(run_id)["status"] == "failed"
    assert store.row(living)["status"] == "running"


@pytest.mark.parametrize("words", [["--help"], ["tasks"], ["corpora"], ["runs", "list"], ["train", "--help"]])
def test_what_needs_no_training_loads_no_torch(words):
    program = (
        "import sys\nfrom ssl_core.cli import main\n"
        "try:\n    main(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'streamlit'} & set(sys.modules)\nassert not heavy, heavy"
    )
    ended = subprocess.run([sys.executable, "-c", program, *words], capture_output=True, text=True, check=False, timeout=120)
    assert ended.returncode == 0, ended.stderr


def test_ctrl_c_while_the_command_still_loads_ends_without_a_traceback(monkeypatch):
    class Interrupted:
        def find_spec(self, name, _path=None, _target=None):
            if name == "ssl_core.cli":
                raise KeyboardInterrupt

    for name in [each for each in sys.modules if each.startswith("ssl_core.cli")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(sys, "meta_path", [Interrupted(), *sys.meta_path])
    monkeypatch.setattr(sys, "argv", ["ssl_core", "tasks"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("ssl_core", run_name="__main__", alter_sys=True)
    assert ended.value.code == 130
