"""A run's differences from what is usual, as texts and back."""

from dataclasses import replace

import pytest

from ssl_core.config import knobs
from ssl_core.errors import UserError
from ssl_core.runs import differences, presets


@pytest.mark.parametrize("preset", [each.key for each in presets.PRESETS])
def test_what_is_written_of_a_preset_gives_it_back(preset):
    spec = presets.spec(preset)
    usual = presets.recipe(spec.task, spec.corpus)
    assert differences.applied(usual, differences.of(spec, usual)) == spec


def test_every_kind_of_value_comes_back_and_only_what_differs_is_named():
    usual = presets.recipe("masked_lm", "tinyworld-en")
    spec = replace(
        usual, seed=7, task_settings=replace(usual.task_settings, whole_words=not usual.task_settings.whole_words),
        training=replace(usual.training, budget=12.5, budget_unit="steps", batch_size=8),
        model=replace(usual.model, size="tiny"),
    )  # fmt: skip
    found = differences.of(spec, usual)
    assert {
        "seed": "7",
        "training.budget": "12.5",
        "training.budget_unit": "steps",
        "model.size": "tiny",
    }.items() <= found.items()
    assert set(found) == {
        "seed", "task_settings.whole_words", "training.budget", "training.budget_unit", "training.batch_size", "model.size",
    }  # fmt: skip
    assert differences.applied(usual, found) == spec
    assert set(found) <= differences.names()


def test_sentences_stay_out():
    usual = presets.recipe("masked_lm", "tinyworld-en")
    assert differences.of(replace(usual, probes=("my own ___.",)), usual) == {}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("training.budget", "nan"), ("training.budget", "inf"), ("training.budget", "1e999"), ("training.budget", ""),
        ("training.batch_size", "9" * 5000), ("training.batch_size", "1.5"), ("training.batch_size", "-3"), ("seed", "0x10"),
        ("task_settings.whole_words", "perhaps"), ("model.size", "<script>"), ("model.family", "gpt2" * 100),
        ("task_settings.__class__", "1"), ("probes", "x"), ("training.pace", "[1]"), ("", ""), ("a" * 5000, "1"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_few_words(name, text):
    usual = presets.recipe("masked_lm", "tinyworld-en")
    with pytest.raises(UserError) as refused:
        differences.applied(usual, {name: text})
    assert len(refused.value.message()) < 900


def test_names_are_those_of_all_tasks():
    usual = presets.recipe("causal_lm", "tinyworld-en")
    assert {f"training.{each}" for each in knobs(type(usual.training))} <= differences.names()
    with pytest.raises(UserError):
        differences.applied(usual, {"task_settings.mask_rate": "0.3"})
