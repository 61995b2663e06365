import time

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from ssl_core.models.arithmetic import Shape
from ssl_core.training import measuring
from ssl_core.training.measuring import Trial

SHAPE = Shape(width=32, heads=2, context_tokens=16, num_sequences=4)


class FakeTime:
    """A clock that goes on with what is done, not with the world; a thread has all of the processor."""

    def __init__(self):
        self.now_s = self.waited_s = 0.0

    def thread_time(self):
        self.now_s += 1e-6
        return self.now_s

    def process_time(self):
        return torch.get_num_threads() * self.thread_time()

    def perf_counter(self):
        return self.thread_time() + self.waited_s


def slowed(monkeypatch, is_slow):
    """Let a layer's step take a millisecond, ten where ``is_slow(precision, threads)``; all else takes next to none."""
    clock = FakeTime()
    monkeypatch.setattr(measuring, "time", clock)

    def step(self, precision):
        clock.now_s += 0.010 if is_slow(precision, torch.get_num_threads()) else 0.001

    monkeypatch.setattr(measuring.Layer, "step", step)


@pytest.mark.parametrize("slower", ["bf16", "fp32"])
def test_the_faster_number_format_is_chosen(monkeypatch, slower):
    slowed(monkeypatch, lambda precision, _threads: precision == slower)
    found = measuring.measure(SHAPE, max_threads=1)
    assert found.precision == ({"bf16", "fp32"} - {slower}).pop()
    assert (found.bf16_slowdown > 3) if slower == "bf16" else (found.bf16_slowdown < 1 / 3)


@pytest.mark.parametrize(("slow_threads", "chosen"), [({1}, 2), ({2, 4}, 1), ({1, 2}, 4)])
def test_the_number_of_threads_that_is_fastest_is_chosen(monkeypatch, slow_threads, chosen):
    slowed(monkeypatch, lambda _precision, threads: threads in slow_threads)
    before = torch.get_num_threads()
    assert measuring.measure(SHAPE, max_threads=4).threads == chosen
    assert torch.get_num_threads() == before


def test_beside_other_work_a_run_gets_one_thread(monkeypatch):
    slowed(monkeypatch, lambda _precision, threads: threads == 1)
    monkeypatch.setattr(Trial, "is_disturbed", property(lambda _trial: True))
    found = measuring.measure(SHAPE, max_threads=4)
    assert (found.threads, found.is_disturbed) == (1, True)


def test_waiting_for_ones_own_threads_is_no_disturbance(monkeypatch):
    slowed(monkeypatch, lambda _precision, _threads: False)
    monkeypatch.setattr(
        FakeTime, "process_time", lambda clock: 2 * (clock.thread_time() + clock.waited_s)
    )  # they work meanwhile
    step = measuring.Layer.step

    def waiting(self, precision):
        step(self, precision)
        if torch.get_num_threads() > 1:  # the processor's time stands still while this thread waits
            measuring.time.waited_s += 1.0

    monkeypatch.setattr(measuring.Layer, "step", waiting)
    assert not measuring.measure(SHAPE, max_threads=2).is_disturbed


@pytest.mark.parametrize("is_held_up", [True, False])
def test_where_one_of_several_threads_found_no_core_it_is_measured_again(monkeypatch, is_held_up):
    slowed(monkeypatch, lambda _precision, threads: threads > 1)
    if is_held_up:  # the process gets no more of the processor than one thread would
        monkeypatch.setattr(FakeTime, "process_time", FakeTime.thread_time)
    found = measuring.measure(SHAPE, max_threads=2)
    assert (found.threads, found.is_disturbed) == (1, is_held_up)


def test_where_bfloat16_is_clearly_slower_no_layer_is_tried_in_it(monkeypatch):
    tried = []
    monkeypatch.setattr(measuring, "CLEARLY_SLOWER", 0.0)
    monkeypatch.setattr(measuring.Layer, "step", lambda self, precision: tried.append(precision))
    found = measuring.measure(SHAPE, max_threads=1)
    assert (found.precision, found.optimizer_precision) == ("fp32", "fp32")
    assert set(tried) == {"fp32"}


def test_an_action_is_tried_once_even_where_no_time_is_left():
    calls = []
    best = Trial(limit_s=-1.0).best_s(lambda: calls.append("a"), lambda: calls.append("b"), tries=5)
    assert calls == ["a", "b"]
    assert len(best) == 2


def test_a_thread_that_waited_was_disturbed():
    waited = Trial()
    waited.best_s(lambda: time.sleep(0.02), tries=1)
    assert waited.is_disturbed


def test_a_thread_with_a_core_of_its_own_was_not_disturbed(monkeypatch):
    monkeypatch.setattr(measuring, "time", FakeTime())
    worked = Trial()
    worked.best_s(lambda: None, tries=1)
    assert not worked.is_disturbed


def test_a_layers_arithmetic_is_counted_as_torch_counts_it():
    layer = measuring.Layer(SHAPE)
    with FlopCounterMode(display=False) as counter:
        layer.step("fp32")
    assert layer.flops == counter.get_total_flops()


def test_muons_arithmetic_is_counted_as_torch_counts_it():
    for sides in ((2, 96, 32), (3, 32, 96), (2, 32, 32)):
        with FlopCounterMode(display=False) as counter:
            measuring.orthogonalised(torch.ones(sides))
        assert measuring.orthogonalisation_flops(*sides) == counter.get_total_flops()
