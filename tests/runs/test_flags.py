import dataclasses
import shlex

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.cli.parser import parse
from ssl_core.cli.train import spec_of
from ssl_core.config import knobs
from ssl_core.errors import UserError
from ssl_core.models.config import ModelConfig
from ssl_core.runs import flags, presets
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig


def test_every_knob_has_a_flag():
    parts = {"": RunSpec, "training": TrainingConfig, "model": ModelConfig, "tokenizer": TokenizerConfig}
    wanted = {(part, field) for part, config in parts.items() for field in knobs(config)}
    wanted |= {("task_settings", field) for key in pretext.MENU for field in knobs(pretext.task(key).Config)}
    wanted -= {("training", "budget"), ("training", "budget_unit")}
    assert {(flag.part, flag.field) for flag in flags.flags()} == wanted


def test_no_two_flags_share_a_name():
    names = [flag.name for flag in flags.flags()]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda each: each.key)
def test_the_line_of_a_usual_run_holds_nothing_but_the_usual(preset):
    spec = presets.spec(preset.key)
    line = flags.command(spec)
    usual = f"python -m ssl_core train --task {spec.task} --corpus {spec.corpus} --seconds {spec.training.budget:g} --seed 0"
    changed = {**preset.training, **preset.model, **preset.settings}
    assert line.startswith(usual)
    added = {word.removeprefix("--").replace("-", "_") for word in line.removeprefix(usual).split() if word.startswith("--")}
    assert added <= set(changed), "and what this preset changes"
    assert bool(added) == bool(changed)


def test_any_line_leads_back_to_the_run_it_was_made_of():
    usual = presets.spec("mlm-en")
    spec = dataclasses.replace(
        usual,
        seed=7,
        probes=("it's a ___ day", "-starts with a dash", '<b>"html"</b> $HOME `ls`'),
        task_settings=dataclasses.replace(usual.task_settings, mask_rate=1 / 3, whole_words=True),
        tokenizer=dataclasses.replace(usual.tokenizer, vocabulary_size=512, kind="character"),
        model=dataclasses.replace(usual.model, family="bert", dropout=0.1),
        training=dataclasses.replace(usual.training, budget=12.5, learning_rate=1e-5, optimizer="sgd"),
    )
    pace = tuple(range(0, 400, 2))
    words = shlex.split(flags.command(spec, pace=pace))
    assert words[:4] == ["python", "-m", "ssl_core", "train"]
    again = spec_of(parse(words[3:]))
    assert again == dataclasses.replace(spec, training=dataclasses.replace(spec.training, pace=pace))


def test_a_pace_comes_back_as_it_was():
    pace = tuple(np.cumsum(np.random.default_rng(0).integers(0, 12, 200)).tolist())
    assert flags.pace_from_text(flags.pace_to_text(pace)) == pace
    assert len(flags.pace_to_text(pace)) < 250, "it is to fit into a line"


@pytest.mark.parametrize("text", ["", "abc", "!!!", "eNoz", "é", flags.pace_to_text([1, 2])[:-3]])
def test_a_pace_that_is_none_is_refused(text):
    with pytest.raises(UserError, match="--pace"):
        flags.pace_from_text(text)


def test_a_packed_pace_is_never_unpacked_without_end():
    bomb = flags.pace_to_text([1] * 1_000_000)
    assert len(bomb) < 10_000
    with pytest.raises(UserError, match="--pace"):
        flags.pace_from_text(bomb)
