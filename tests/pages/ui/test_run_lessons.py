"""What to notice: told of the run that is over, in its own numbers."""

from dataclasses import replace

import numpy as np
import pytest

from pages._ui import page, run_lessons
from pages._ui.recordings import recording
from ssl_core import pretext
from ssl_core.i18n import LANGUAGES, in_language
from tests.pages.live_runs import LINES, curve, event, made


def ended(losses, *, trained=None, preset="mlm-en", **more):
    metrics = curve(losses)
    if trained is not None:
        metrics["train_loss_nats"] = np.full(len(losses), float(trained))
    return made(preset, "done", [event("baselines", 0, **LINES)], metrics=metrics, **more)


def test_a_phase_is_told_with_the_step_and_the_loss_at_which_it_was_reached():
    told = run_lessons.afterwards(ended([7.0, 6.5, 6.04, 5.41, 4.9]))
    assert "2 s" not in told, "no phase began there"
    assert "**Word frequencies only**: from step 3 on, after 3.00 s, at 6.04 nats." in told
    assert "**Some context**: from step 4 on, after 4.00 s, at 5.41 nats." in told
    assert "**More than a bigram model**: from step 5 on, after 5.00 s, at 4.90 nats." in told
    assert "went from 7.00 to 4.90 nats" in told


def test_a_phase_that_a_short_run_never_reached_is_told_as_such():
    told = run_lessons.afterwards(ended([7.0, 6.5, 6.04]))
    assert told.count("this run ended before, at 6.04 nats") == 2
    assert "it begins at 5.90" in told, "clearly below the unigram line"
    assert "it begins at 5.00" in told, "the bigram line"


@pytest.mark.parametrize(("trained", "said"), [(4.95, "The two curves stay together"), (4.5, "The two curves part")])
def test_the_two_curves_are_compared_in_numbers(trained, said):
    told = run_lessons.afterwards(ended([7.0, 5.0], trained=trained))
    assert said in told
    assert f"{trained:.2f} nats in training, averaged over the tenth before, and 5.00 on held-out text" in told


def test_what_training_learned_after_the_last_validation_does_not_count_as_learned_by_heart():
    metrics = curve([7.0, 5.0, np.nan, np.nan])
    metrics["train_loss_nats"] = np.array([7.0, 5.0, 4.0, 3.0])
    told = run_lessons.afterwards(made("mlm-en", "failed", [event("baselines", 0, **LINES)], metrics=metrics))
    assert "The two curves stay together" in told
    assert "At step 2: 5.00 nats in training" in told


def test_the_guess_is_spoken_of_only_if_there_was_one():
    assert "guess" not in run_lessons.afterwards(ended([7.0, 5.0]))
    guessed = ended([6.0] * 60, guess=((0.0, 7.0), (1.0, 7.0)))
    assert "1.00 nats off" in run_lessons.afterwards(guessed)


@pytest.mark.parametrize("events", [(), [event("baselines", 0, **LINES)]])
def test_a_run_that_measured_nothing_gets_the_lessons_alone(events):
    record = made(status="failed", events=events)
    assert run_lessons.afterwards(record) == run_lessons.ahead("masked_lm")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("preset", ["mlm-en", "lm-zh"])
def test_recorded_runs_are_told_in_both_languages(preset, language):
    with in_language(language):
        told = run_lessons.afterwards(replace(recording(preset), guess=()))
    assert told.count("\n- ") >= 4
    assert "##" not in told
    assert "。 " not in told, "between Chinese sentences there is no space"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", pretext.MENU)
def test_every_kind_of_probe_has_its_lessons(task, language):
    with in_language(language):
        assert {*run_lessons.TAUGHT, "together", "apart", "guess"} <= set(page.prose_parts(run_lessons.prose_of(task)))


def test_where_words_are_asked_for_the_phases_are_those_of_words():
    with in_language("en"):
        assert "Word frequencies only" in run_lessons.ahead("span_corruption")
        assert "How often each answer is right" in run_lessons.ahead("next_sentence")


def test_where_texts_are_compared_nothing_is_said_of_frequencies():
    with in_language("en"):
        told = run_lessons.ahead("contrastive")
    assert "All texts look alike" in told
    assert "how often" not in told
