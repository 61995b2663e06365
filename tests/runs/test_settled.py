import json
import shlex

import pytest

from ssl_core.cli import parser, train
from ssl_core.models.arithmetic import Arithmetic
from ssl_core.runs import downloads, presets, settled
from ssl_core.runs.spec import RunSpec

CHOSEN = Arithmetic(precision="fp32", optimizer_precision="bf16", threads=2, bf16_slowdown=5.0)


@pytest.fixture
def record(store):
    """A run that left all to the machine, and what that chose."""
    run_id = store.submit(presets.spec("mlm-en"))
    store.claim("w")
    store.add_event(run_id, "started", step=0, elapsed_s=0.0, payload={"device": "cpu", "arithmetic": CHOSEN.to_json()})
    return store.record(run_id)


def repeated(record):
    """What the downloaded settings and the line to repeat it train."""
    line = shlex.split(downloads.reproduce_command(record))[3:]
    return RunSpec.from_json(json.loads(downloads.config_json(record))), train.spec_of(parser.parse(line))


def test_a_run_repeats_with_what_it_computed_with(record):
    for spec in (*repeated(record), settled.as_begun(RunSpec.from_json(record.spec), record)):
        training = spec.training
        assert (training.precision, training.optimizer_precision, training.threads) == ("fp32", "bf16", 2)


def test_before_its_start_all_is_open(store):
    record = store.record(store.submit(presets.spec("mlm-en")))
    assert settled.arithmetic(record) is None
    for spec in repeated(record):
        training = spec.training
        assert (training.precision, training.optimizer_precision, training.threads) == ("auto", "auto", 0)


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_settings_from_before_there_was_a_choice_repeat_what_was_done_then(precision):
    saved = presets.spec("mlm-en").to_json()
    saved["training"] = {name: value for name, value in saved["training"].items() if name not in settled.NAMES}
    saved["training"]["precision"] = precision
    training = RunSpec.from_json(saved).training
    assert (training.precision, training.optimizer_precision) == (precision, "bf16"), "Muon was always in bfloat16"
