from dataclasses import replace

import pytest

from ssl_core import models, paths
from ssl_core.i18n import set_language
from ssl_core.models import arithmetic, processor, speed
from ssl_core.models.arithmetic import Arithmetic, Shape
from ssl_core.runs import presets

SPEC = presets.spec("mlm-en")
SHAPE = Shape.of(SPEC)
FOUND = Arithmetic(
    precision="fp32", optimizer_precision="fp32", threads=2, bf16_slowdown=5.04, flops_per_s=4e10, optimizer_flops_per_s=3e10
)


def test_what_was_measured_is_kept_by_shape():
    other = replace(SHAPE, width=64)
    assert arithmetic.kept(SHAPE) is arithmetic.nearest(SHAPE) is None
    arithmetic.keep(SHAPE, FOUND)
    arithmetic.keep(other, replace(FOUND, threads=1))
    assert arithmetic.kept(SHAPE) == FOUND
    assert arithmetic.kept(other).threads == 1
    assert arithmetic.kept(replace(SHAPE, width=256)) is None


def test_the_most_similar_shape_stands_in():
    small, large = replace(SHAPE, width=64, num_sequences=4), replace(SHAPE, width=256)
    arithmetic.keep(small, replace(FOUND, threads=1))
    arithmetic.keep(large, replace(FOUND, threads=4))
    assert arithmetic.nearest(SHAPE).threads == 4
    assert arithmetic.nearest(replace(SHAPE, width=64)).threads == 1


@pytest.mark.parametrize("name", processor.OVERRIDES)
def test_other_instructions_are_measured_anew(monkeypatch, name):
    monkeypatch.delenv(name, raising=False)
    arithmetic.keep(SHAPE, FOUND)
    monkeypatch.setenv(name, "AVX2")
    assert arithmetic.kept(SHAPE) is None
    monkeypatch.delenv(name)
    assert arithmetic.kept(SHAPE) == FOUND


@pytest.mark.parametrize(
    "content", ["{", "[]", "7", '{"FINGERPRINT": 3}', '{"FINGERPRINT": [{"shape": {}}]}', '{"FINGERPRINT": {"a": 1}}']
)
def test_a_damaged_file_is_measured_anew(content):
    arithmetic.keep(SHAPE, FOUND)
    path = paths.cache_folder() / "arithmetic.json"
    path.write_text(content.replace("FINGERPRINT", processor.fingerprint()), encoding="utf-8")
    assert arithmetic.kept(SHAPE) is None
    arithmetic.keep(SHAPE, FOUND)
    assert arithmetic.kept(SHAPE) == FOUND


def test_a_guess_builds_on_what_a_layer_reached_here():
    arithmetic.keep(SHAPE, FOUND)
    slow = models.estimated_seconds_per_step(SPEC, 1024)
    arithmetic.keep(SHAPE, replace(FOUND, flops_per_s=8e10))
    fast = models.estimated_seconds_per_step(SPEC, 1024)
    arithmetics = speed.flops_per_step(SPEC, 1024)
    assert slow - fast == pytest.approx((arithmetics / 4e10 - arithmetics / 8e10) / (1 - speed.SHARE_BESIDE))


def test_a_measured_speed_counts_for_its_number_format_and_threads():
    arithmetic.keep(SHAPE, FOUND)
    settled = replace(SPEC, training=replace(SPEC.training, precision="fp32", optimizer_precision="fp32", threads=2))
    speed.keep_measured(speed.key(settled, "cpu"), 1.25)
    assert models.estimated_seconds_per_step(SPEC, 1024) == 1.25, "what is left to the machine becomes just that"
    other = replace(settled, training=replace(settled.training, precision="bf16"))
    assert models.estimated_seconds_per_step(other, 1024) != 1.25


@pytest.mark.parametrize(
    ("language", "precision", "slowdown", "told"),
    [
        ("en", "fp32", 5.04, "float32: bfloat16 is 5 × slower on this processor; 2 threads"),
        ("en", "fp32", 1.31, "float32: bfloat16 is 1.3 × slower on this processor; 2 threads"),
        ("en", "fp32", 46.8, "float32: bfloat16 is 47 × slower on this processor; 2 threads"),
        ("en", "bf16", 0.5, "bfloat16: 2 × as fast as float32 on this processor; 2 threads"),
        ("en", "fp32", None, "float32, 2 threads"),
        ("zh", "fp32", 5.04, "float32：bfloat16 在这台处理器上要花 5 倍的时间；2 个线程"),
    ],
)
def test_a_reader_is_told_what_was_chosen_and_why(language, precision, slowdown, told):
    set_language(language)
    found = replace(FOUND, precision=precision, bf16_slowdown=slowdown).to_json()
    assert arithmetic.sentence(found) == told
