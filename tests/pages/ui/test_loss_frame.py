"""The axis of losses: every right answer can be drawn on it, and a guess and its run share it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from pages._ui import chart_data, guess, loss_frame, recordings
from ssl_core.runs import presets
from tests.pages.live_runs import curve, event, made
from tests.pages.ui.test_chart_data import LINES, record

MLM = presets.spec("mlm-en")
PRESETS = pytest.mark.parametrize("key", [each.key for each in presets.PRESETS])


def ahead(spec):
    """The frame of the guess of a run that is being set up, as the canvas gets it."""
    data = guess.data_of(spec, recordings.like(spec), 400)
    return data["y"]["low"], data["y"]["high"]


@pytest.fixture(autouse=True)
def _no_session(monkeypatch):
    monkeypatch.setattr(guess, "_kept", dict)
    monkeypatch.setattr(guess.live_state, "setup_id", lambda: "a setup")


@PRESETS
def test_the_curve_of_each_preset_can_be_drawn_beforehand_and_is_shown_on_the_same_frame(key):
    recorded = recordings.like(presets.spec(key))
    losses = chart_data.measured(recorded, "val_loss_nats")
    low, high = ahead(presets.spec(key))
    assert low <= losses.min()
    assert losses.max() <= high
    run = made(key, status="done", events=recorded.events, metrics=recorded.metrics, guess=((0.0, losses.max()), (1.0, low)))
    assert loss_frame.of(run) == (low, high)


@PRESETS
def test_the_frame_begins_just_above_what_uniform_guessing_costs_in_the_tokens_the_text_has(key):
    recorded = recordings.like(presets.spec(key))
    data = guess.data_of(presets.spec(key), recorded, 400)
    uniform = chart_data.baselines(recorded)["uniform_nats"]
    assert data["start"] == pytest.approx(uniform)
    assert uniform < data["y"]["high"] < uniform + 2, "a decoder that has not learned anything yet is a nat above it"


def test_the_frame_stands_still_while_losses_stay_inside_and_grows_in_steps_beyond():
    frames = {loss_frame.of(record([6.9, loss])) for loss in (6.5, 5.5, 4.5, 3.0)}
    assert len(frames) == 1
    low, high = frames.pop()
    wider_low, wider_high = loss_frame.of(record([8.2, low - 0.3] if low > 0.3 else [8.2, low]))
    assert (wider_high - high) / loss_frame.STEP_NATS == pytest.approx(round((wider_high - high) / loss_frame.STEP_NATS))
    assert wider_low <= low < 8.2 < wider_high


def test_the_floor_stands_clear_of_the_axis():
    low, high = loss_frame.of(record([6.0], events=[event("baselines", 0, **{**LINES, "floor_nats": 3.1})]))
    assert 0 < 3.1 - low < 0.1 * (high - low)


def test_a_run_whose_floor_is_not_worked_out_yet_has_the_frame_it_will_have():
    recorded = recordings.own(MLM)
    lines = dict(chart_data.baselines(recorded))
    early = made("mlm-en", events=[event("baselines", 0, **{**lines, "floor_nats": None})], metrics=curve([6.1]))
    assert loss_frame.of(early) == ahead(MLM)


@pytest.mark.parametrize(
    "spec",
    [
        replace(MLM, corpus="/nowhere/own.txt"),
        replace(MLM, tokenizer=replace(MLM.tokenizer, kind="character")),
        replace(MLM, task_settings=replace(MLM.task_settings, mask_rate=0.6)),
    ],
    ids=("own text", "other tokens", "other task settings"),
)
def test_without_known_baselines_anything_from_nothing_to_uniform_can_be_drawn(spec):
    low, high = ahead(spec)
    assert low == 0
    _nats, is_exact = loss_frame.uniform(spec, recordings.like(spec))
    most = math.log(spec.tokenizer.vocabulary_size)
    assert high > (math.log(435) if is_exact else most)


def test_uniform_is_called_a_limit_where_the_number_of_tokens_is_not_known_yet():
    own = replace(MLM, corpus="/nowhere/own.txt")
    (line,) = guess.data_of(own, recordings.like(own), 400)["baselines"]
    assert "at most" in line["name"]
    rate = replace(MLM, task_settings=replace(MLM.task_settings, mask_rate=0.6))
    (line,) = guess.data_of(rate, recordings.like(rate), 400)["baselines"]
    assert (line["y"], line["name"]) == (pytest.approx(math.log(435)), "guessing blindly (uniform)")


def test_telling_more_texts_apart_than_recorded_needs_a_higher_frame():
    contrastive = presets.spec("contrastive-en")
    larger = replace(contrastive, training=replace(contrastive.training, batch_size=8 * contrastive.training.batch_size))
    assert ahead(larger)[1] == pytest.approx(ahead(contrastive)[1] + math.log(8), abs=0.01)


def test_a_guess_drawn_on_a_wider_frame_stays_on_it():
    run = replace(record([6.9, 5.0]), guess=((0.0, 9.0), (1.0, 0.2)))
    low, high = loss_frame.of(run)
    assert low <= 0.2
    assert high >= 9.0


def test_a_run_of_another_version_has_a_frame_all_the_same():
    odd = record([6.0], spec={**MLM.to_json(), "task": "of_old"}, events=())
    low, high = loss_frame.of(odd)
    assert low <= 6.0 <= high


def test_several_runs_share_the_frame_that_holds_all():
    low, high = loss_frame.of_all([record([6.9, 5.0]), record([9.0])])
    assert low <= 5.0
    assert high >= 9.0
    assert loss_frame.of_all([]) == loss_frame.NO_RUNS
    assert np.isfinite([low, high]).all()
