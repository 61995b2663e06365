"""Starting from trained weights on the command line."""

import json
import shlex

import pytest

from ssl_core.cli import main
from ssl_core.cli.parser import parse
from ssl_core.cli.train import spec_of
from ssl_core.runs import downloads, flags, presets, settled, starts
from ssl_core.runs.spec import RunSpec

pytestmark = pytest.mark.usefixtures("one_thread")


def spec(*words):
    return spec_of(parse(["train", *words]))


def test_a_run_goes_on_from_another_and_says_what_it_took_over(small_text, store, capsys):
    small = ["--corpus", str(small_text), "--validation-sequences", "8"]
    assert main(["train", *small, "--size", "tiny", "--context-tokens", "16", "--vocabulary-size", "256", "--steps", "2"]) == 0
    (first,) = store.rows()
    assert main(["train", *small, "--start-from", f"{first['id']}@0", "--steps", "1"]) == 0
    assert f"Started from {first['id']} at step 0: " in capsys.readouterr().err
    second = next(row for row in store.rows() if row["id"] != first["id"])
    begun = json.loads(second["spec"])
    assert (begun["start"], begun["start_step"], begun["model"]["size"]) == (first["id"], 0, "tiny")
    taken = store.record(second["id"]).latest("started").payload["taken_over"]
    assert taken == {"parameters": json.loads(first["result"])["parameters"], "fresh": 0, "step": 0}
    record = store.record(second["id"])
    again = shlex.split(downloads.reproduce_command(record))[3:]
    assert spec_of(parse(again)) == settled.as_begun(RunSpec.from_json(begun), record)


def test_the_line_of_a_run_gives_the_same_run_again(store):
    begun = starts.starting_from(store, presets.spec("mlm-en"), "shelf:encoder-en")
    assert spec(*shlex.split(flags.command(begun))[4:]) == begun


def test_a_learning_rate_that_is_given_is_taken(tmp_path, store):
    given = spec("--start-from", "shelf:encoder-en", "--learning-rate", "0.002", "--dropout", "0.1", "--size", "shelf")
    assert (given.training.learning_rate, given.model.dropout) == (0.002, 0.1)
    file = tmp_path / "run.json"
    file.write_text(json.dumps(presets.spec("mlm-en").to_json()))
    assert spec("--config", str(file), "--start-from", "shelf:encoder-en").training == presets.spec("mlm-en").training


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["shelf:decoder-en"], "Tasks that can: causal_lm."),
        (["shelf:nobody"], "shelf:nobody, is not here"),
        (["abc@x"], "'x' is no step"),
        (["/etc"], "can't start from '/etc'"),
        (["shelf:encoder-en", "--size", "tiny"], "--size is shelf in what the run starts from"),
        (["shelf:encoder-en", "--tokenizer", "word"], "--tokenizer is wordpiece in what the run starts from"),
    ],
)
def test_what_can_not_start_is_told_before_a_run_is_kept(words, message, store, capsys):
    assert main(["train", "--corpus", "tinyworld-en", "--start-from", *words]) == 2
    assert message in capsys.readouterr().err
    assert not store.rows()
