"""A run with a mistake in it is judged as if there were none, and beside that as its author would."""

from dataclasses import replace

import pytest

from ssl_core import mistakes
from ssl_core.training.session import TrainingSession
from tests.training import tiny

pytestmark = pytest.mark.usefixtures("shared_cache")
MADE_IN = [(key, mistakes.tasks_of(key)[0]) for key in mistakes.MENU]


def first_report(spec):
    return next(TrainingSession(spec).steps())


@pytest.mark.parametrize(("key", "task"), MADE_IN)
def test_before_the_first_step_the_broken_and_the_right_run_are_worth_the_same(key, task, small_text) -> None:
    right = tiny.spec(small_text, task=task)
    broken = first_report(replace(right, mistake=key))
    assert broken.val_loss_nats == first_report(right).val_loss_nats, "same weights, same clean held-out text"
    assert (mistakes.AS_SEEN in broken.measures) == mistakes.hooks(key).bends_the_ruler


@pytest.mark.parametrize(("key", "task"), MADE_IN)
def test_a_broken_run_goes_through_to_its_end(key, task, small_text) -> None:
    spec = replace(tiny.spec(small_text, task=task, budget=3), mistake=key)
    session = TrainingSession(spec)
    assert [each.step for each in session.steps()] == [0, 1, 2, 3]
    result = session.result()
    assert (mistakes.AS_SEEN in result["measures"]) == mistakes.hooks(key).bends_the_ruler
    assert mistakes.AS_SEEN not in result["test_measures"], "the test text is judged fairly only"


def test_a_rate_thirty_times_as_large_is_the_rate_of_the_steps(small_text) -> None:
    spec = tiny.spec(small_text, warmup_rate=0.0)
    right, broken = (list(TrainingSession(replace(spec, mistake=key)).steps())[1] for key in ("", "learning_rate_times_thirty"))
    assert broken.learning_rate == pytest.approx(30 * right.learning_rate)


def test_a_limit_on_the_training_text_leaves_the_held_out_text_alone(small_text) -> None:
    whole, part = tiny.spec(small_text), tiny.spec(small_text, training_tokens=64)
    sessions = [TrainingSession(each) for each in (whole, part)]
    first, second = (next(each.steps()).val_loss_nats for each in sessions)
    assert first == second
    assert sessions[0].baselines.unigram_nats < sessions[1].baselines.unigram_nats, "fewer words were counted"
