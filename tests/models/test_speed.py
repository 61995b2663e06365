from dataclasses import replace

import pytest

from ssl_core import models, paths
from ssl_core.models import arithmetic, speed
from ssl_core.models.arithmetic import Arithmetic
from ssl_core.models.sizes import SIZES
from ssl_core.runs import presets

SPEC = presets.spec("mlm-en")
MEASURED = Arithmetic(precision="fp32", optimizer_precision="fp32", threads=1, flops_per_s=4e10, optimizer_flops_per_s=2e10)


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
    speed.keep_measured(speed.key(SPEC, "cpu"), 1.25)
    assert models.estimated_seconds_per_step(SPEC, 1024, "cpu") == 1.25
    assert models.estimated_seconds_per_step(with_batch(4), 1024, "cpu") != 1.25
    assert models.estimated_seconds_per_step(SPEC, 1024, "cuda:0") < guess


@pytest.mark.parametrize("content", ["{", "[]", '{"a": []}', "7"])
def test_a_damaged_file_of_speeds_is_no_obstacle(content):
    speed.keep_measured("a", 1.0)

    (paths.cache_folder() / "speeds.json").write_text(content, encoding="utf-8")
    assert models.estimated_seconds_per_step(SPEC, 1024) == pytest.approx(speed.guessed_seconds_per_step(SPEC, 1024, "cpu"))


def test_a_speed_is_kept_by_what_the_settings_say_and_not_by_what_was_counted_in_the_text():
    speed.keep_measured(speed.key(SPEC, "cpu"), 1.25)
    assert {models.estimated_seconds_per_step(SPEC, size, "cpu") for size in (435, 1024)} == {1.25}


def test_a_machine_is_known_once_its_processor_or_a_run_of_this_kind_was_measured():
    assert not speed.is_known(SPEC, "cpu")
    speed.keep_measured(speed.key(SPEC, "cpu"), 1.25)
    assert speed.is_known(SPEC, "cpu")
    assert not speed.is_known(with_batch(4), "cpu")
    arithmetic.keep(arithmetic.Shape.of(SPEC), MEASURED)
    assert speed.is_known(with_batch(4), "cpu")
    assert not speed.is_known(SPEC, "cuda")


def test_the_guess_counts_layers_muon_and_what_goes_on_beside():
    muon = replace(SPEC, training=replace(SPEC.training, optimizer="muon"))
    adamw = replace(SPEC, training=replace(SPEC.training, optimizer="adamw"))
    arithmetic.keep(arithmetic.Shape.of(SPEC), MEASURED)
    rest = speed.OVERHEAD_S["cpu"] + speed.flops_per_step(SPEC, 1024) / MEASURED.flops_per_s
    assert models.estimated_seconds_per_step(adamw, 1024) == pytest.approx(rest / 0.9)
    matrices = speed.muon_flops_per_step(muon, 1024) / MEASURED.optimizer_flops_per_s
    assert models.estimated_seconds_per_step(muon, 1024) == pytest.approx((rest + matrices) / 0.9)
    assert speed.muon_flops_per_step(adamw, 1024) == 0


def test_muons_products_are_about_those_of_its_matrices():
    from ssl_core.training.measuring import orthogonalisation_flops

    size = SIZES[SPEC.model.size]
    muon = replace(SPEC, training=replace(SPEC.training, optimizer="muon"))
    width = size.width
    weights = models.parameter_count(SPEC.model, 1024) - 1024 * width
    as_stacked = orthogonalisation_flops(weights // (3 * width * width), 3 * width, width)
    assert speed.muon_flops_per_step(muon, 1024) == pytest.approx(as_stacked, rel=0.1)
