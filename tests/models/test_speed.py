from dataclasses import replace

import pytest

from ssl_core import models, paths
from ssl_core.models import speed
from ssl_core.runs import presets

SPEC = presets.spec("mlm-en")


def with_batch(batch_size: int):
    return replace(SPEC, training=replace(SPEC.training, batch_size=batch_size))


def test_twice_the_batch_is_twice_the_arithmetic():
    assert speed.flops_per_step(with_batch(32), 1024) == 2 * speed.flops_per_step(with_batch(16), 1024)


def test_without_attention_it_is_six_products_a_weight_and_token():
    tokens = SPEC.training.batch_size * SPEC.training.accumulation * SPEC.model.context_tokens
    weights = models.parameter_count(SPEC.model, 1024)
    attention = 12 * 4 * 128 * SPEC.model.context_tokens  # two products of T x T by the width, three times, in 4 layers
    assert speed.flops_per_step(SPEC, 1024) == tokens * (6 * weights + attention)


def test_larger_networks_are_guessed_to_be_slower():
    guesses = [
        models.estimated_seconds_per_step(replace(SPEC, model=replace(SPEC.model, size=size)), 1024)
        for size in ("tiny", "small", "medium")
    ]
    assert guesses == sorted(guesses)


def test_what_was_measured_here_counts_for_this_kind_of_run_only():
    guess = models.estimated_seconds_per_step(SPEC, 1024, "cpu")
    speed.keep_measured(speed.key(SPEC, 1024, "cpu"), 1.25)
    assert models.estimated_seconds_per_step(SPEC, 1024, "cpu") == 1.25
    assert models.estimated_seconds_per_step(with_batch(4), 1024, "cpu") != 1.25
    assert models.estimated_seconds_per_step(SPEC, 1024, "cuda:0") < guess


@pytest.mark.parametrize("content", ["{", "[]", '{"a": []}', "7"])
def test_a_damaged_file_of_speeds_is_no_obstacle(content):
    speed.keep_measured("a", 1.0)

    (paths.cache_folder() / "speeds.json").write_text(content, encoding="utf-8")
    assert models.estimated_seconds_per_step(SPEC, 1024) == pytest.approx(speed.guessed_seconds_per_step(SPEC, 1024, "cpu"))
