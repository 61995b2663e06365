from dataclasses import replace
from types import SimpleNamespace

import pytest
import torch

from ssl_core.models import arithmetic
from ssl_core.models.arithmetic import Arithmetic, Shape
from ssl_core.runs import presets
from ssl_core.training import settling
from ssl_core.training.settling import settle

SPEC = presets.spec("mlm-en")
CPU = torch.device("cpu")
FOUND = Arithmetic(precision="bf16", optimizer_precision="fp32", threads=2, bf16_slowdown=0.5, optimizer_bf16_slowdown=3.0)


@pytest.fixture(autouse=True)
def free_threads(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.delenv("PLAYGROUND_THREADS", raising=False)


def with_training(**changes):
    return replace(SPEC, training=replace(SPEC.training, **changes))


def test_what_is_left_open_is_as_it_was_measured():
    arithmetic.keep(Shape.of(SPEC), FOUND)
    settled, chosen = settle(SPEC, CPU)
    training = settled.training
    assert (training.precision, training.optimizer_precision, training.threads) == ("bf16", "fp32", 2)
    assert chosen == FOUND


def test_what_is_asked_for_stays_and_needs_no_reason():
    arithmetic.keep(Shape.of(SPEC), FOUND)
    settled, chosen = settle(with_training(precision="fp32", threads=1), CPU)
    training = settled.training
    assert (training.precision, training.optimizer_precision, training.threads) == ("fp32", "fp32", 1)
    assert (chosen.bf16_slowdown, chosen.optimizer_bf16_slowdown) == (None, 3.0)


def test_a_settled_run_stays_as_it_is(monkeypatch):
    monkeypatch.setattr(settling, "of_processor", None)  # nothing is measured for it
    spec = with_training(precision="bf16", optimizer_precision="bf16", threads=1)
    assert settle(spec, CPU)[0] == spec


def test_the_environment_names_the_threads_of_runs_that_do_not(monkeypatch):
    arithmetic.keep(Shape.of(SPEC), FOUND)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    assert settle(SPEC, CPU)[0].training.threads == 3
    assert settle(with_training(threads=1), CPU)[0].training.threads == 1


def test_it_is_measured_once_a_shape_and_again_until_it_was_not_disturbed(monkeypatch):
    shape, are_disturbed = replace(Shape.of(SPEC), width=48), iter([True, True, False])
    monkeypatch.setattr(settling, "_measured", lambda _shape: replace(FOUND, is_disturbed=next(are_disturbed)))
    assert [settling.of_processor(shape).is_disturbed for _ in range(5)] == [True, True, False, False, False]


@pytest.mark.parametrize(("has_it", "format"), [(True, "bf16"), (False, "fp32")])
def test_a_graphics_card_takes_bfloat16_where_it_has_it(monkeypatch, has_it, format):
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: has_it and not including_emulation)
    chosen = settle(SPEC, SimpleNamespace(type="cuda"))[1]
    assert (chosen.precision, chosen.optimizer_precision, chosen.bf16_slowdown) == (format, format, None)


def test_a_device_that_lacks_bfloat16_says_so_in_its_own_way(monkeypatch):
    def refuse(*_sides, device, dtype):
        raise TypeError("BFloat16 is not supported on MPS")

    monkeypatch.setattr(torch, "ones", refuse)
    assert not settling.has_bfloat16(torch.device("mps"))
