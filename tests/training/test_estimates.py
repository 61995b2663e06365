"""How far a run gets on this machine, and how far it has to get."""

from dataclasses import replace

import pytest

from ssl_core.models import arithmetic, speed
from ssl_core.models.arithmetic import Arithmetic
from ssl_core.runs import presets
from ssl_core.training import estimates
from ssl_core.training.estimates import Milestones, Pace
from tests.pages.live_runs import LINES, curve, event, made

MLM = presets.spec("mlm-en")
TENTH = Pace(seconds_per_step=0.1, is_measured=True)


def with_budget(budget, unit):
    return replace(MLM, training=replace(MLM.training, budget=budget, budget_unit=unit))


def test_milestones_lie_between_two_validations_in_proportion():
    # below 5.9 (unigram 6 less the margin) halfway between steps 2 and 3, rounded up; below 5 three quarters from 3 to 4
    record = made(events=[event("baselines", 0, **LINES)], metrics=curve([7.0, 6.1, 5.7, 4.7]))
    assert estimates.milestones(record) == Milestones(plateau=3, bigram=4)
    late = {**curve([7.0, 6.1, 5.7, 4.7]), "step": record.metrics["step"] * 100}
    assert estimates.milestones(replace(record, metrics=late)) == Milestones(plateau=250, bigram=370)


def test_what_was_never_passed_or_has_no_baseline_is_no_milestone():
    assert estimates.milestones(made(metrics=curve([3.0]))) == Milestones(plateau=None, bigram=None)
    flat = made(events=[event("baselines", 0, **LINES)], metrics=curve([7.0, 5.95]))
    assert estimates.milestones(flat) == Milestones(plateau=None, bigram=None)
    answers = made(events=[event("baselines", 0, **{**LINES, "bigram_nats": None})], metrics=curve([5.0, 4.0]))
    assert estimates.milestones(answers) == Milestones(plateau=1, bigram=None)


@pytest.mark.parametrize(("budget", "unit", "steps"), [(60, "seconds", 600), (50, "steps", 50), (20 * 16 * 64, "tokens", 20)])
def test_a_budget_is_worth_so_many_steps(budget, unit, steps):
    assert estimates.steps_within(with_budget(budget, unit), TENTH) == pytest.approx(steps)


def test_times_are_rounded_up_to_what_one_would_set_a_clock_to():
    assert [estimates.round_seconds(each) for each in (1, 20, 20.1, 61, 1801, 7201)] == [10, 20, 30, 90, 3600, 10800]


def test_a_smaller_network_is_the_next_size_and_there_is_none_below_tiny_or_beside_a_start():
    tiny = estimates.smaller(MLM)
    assert (tiny.model.size, tiny.training) == ("tiny", MLM.training)
    assert estimates.smaller(tiny) is None
    assert estimates.smaller(replace(MLM, start="shelf:x")) is None


def test_nothing_is_said_of_a_machine_on_which_nothing_was_measured():
    assert estimates.pace(MLM, 435) is None


def test_a_run_like_this_one_tells_its_pace_and_the_processor_that_of_the_others():
    speed.keep_measured(speed.key(MLM, "cpu"), 0.5)
    assert estimates.pace(MLM, 435) == Pace(seconds_per_step=0.5, is_measured=True)
    other = presets.spec("lm-en")
    assert estimates.pace(other, 435) is None
    found = Arithmetic(precision="fp32", optimizer_precision="fp32", threads=1, flops_per_s=4e10, optimizer_flops_per_s=2e10)
    arithmetic.keep(arithmetic.Shape.of(other), found)
    reckoned = estimates.pace(other, 435)
    assert reckoned == Pace(seconds_per_step=speed.guessed_seconds_per_step(other, 435, "cpu"), is_measured=False)
    assert estimates.pace(other, 435, "cuda:0") is None
