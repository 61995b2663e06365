"""Which recorded run belongs to which settings."""

import json
from dataclasses import replace

import pytest

from ssl_core.runs import fitting, presets
from ssl_core.runs.spec import RunSpec

MLM = presets.spec("mlm-en")


def saved(spec: RunSpec) -> dict:
    """What a file keeps of a run's settings."""
    return json.loads(json.dumps(spec.to_json()))


def trained(spec: RunSpec, **training) -> RunSpec:
    return replace(spec, training=replace(spec.training, **training))


@pytest.mark.parametrize(
    "other",
    [
        trained(MLM, budget=30.0),
        trained(MLM, budget=400, budget_unit="steps"),
        trained(MLM, precision="fp32", device="cpu", pace=(1, 2, 3)),
        trained(MLM, learning_rate=0.01, validation_sequences=64),
        replace(MLM, seed=3, probes=()),
    ],
    ids=("budget", "unit", "arithmetic", "training", "seed"),
)
def test_how_long_and_how_exactly_it_was_computed_does_not_matter(other):
    assert fitting.fits(MLM, saved(other))
    assert fitting.has_same_baselines(MLM, saved(other))


def test_settings_added_since_count_as_they_are_by_default_and_settings_that_are_gone_for_nothing():
    old = saved(MLM)
    del (
        old["task_settings"]["static_masks"],
        old["model"]["dropout"],
        old["training"]["judged"],
        old["start"],
        old["mistake"],
    )
    old["model"]["gone"] = 3
    assert fitting.fits(MLM, old)
    static = replace(MLM, task_settings=replace(MLM.task_settings, static_masks=True))
    assert not fitting.fits(static, old), "it was recorded with what is the default now"


@pytest.mark.parametrize(
    ("other", "has_same_baselines"),
    [
        (replace(MLM, model=replace(MLM.model, size="tiny")), True),
        (presets.spec("roberta-en"), True),
        (replace(MLM, start="shelf:x"), True),
        (replace(MLM, corpus="tinyworld-zh"), False),
        (replace(MLM, task_settings=replace(MLM.task_settings, mask_rate=0.15)), False),
        (replace(MLM, tokenizer=replace(MLM.tokenizer, kind="character")), False),
        (trained(MLM, judged="in_use"), False),
        (trained(MLM, training_tokens=4096), False),
        (presets.spec("lm-en"), False),
    ],
    ids=("size", "family", "start", "text", "rate", "tokens", "judged", "less text", "task"),
)
def test_another_question_or_another_network_does_not_fit(other, has_same_baselines):
    assert not fitting.fits(MLM, saved(other))
    assert fitting.has_same_baselines(MLM, saved(other)) == has_same_baselines


def test_where_texts_are_told_apart_their_number_is_part_of_the_question():
    contrastive = presets.spec("contrastive-en")
    assert not fitting.has_same_baselines(contrastive, saved(trained(contrastive, batch_size=32)))
    assert fitting.has_same_baselines(MLM, saved(trained(MLM, batch_size=32)))


def test_a_run_goes_alike_only_if_it_is_trained_in_the_same_way_for_as_long():
    assert fitting.goes_alike(MLM, saved(trained(MLM, precision="fp32", device="cpu")))
    assert not fitting.goes_alike(MLM, saved(trained(MLM, budget=30.0)))
    assert not fitting.goes_alike(MLM, saved(trained(MLM, learning_rate=0.01)))
