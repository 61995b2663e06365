"""Baselines measured again: as a run measures them, and only where its questions are still the same."""

import json
from dataclasses import replace

import pytest

from ssl_core.training.session import TrainingSession
from tests.training import tiny
from tools import remeasure_lines

pytestmark = pytest.mark.usefixtures("shared_cache")


@pytest.mark.parametrize(
    ("task", "settings"),
    [("masked_lm", {}), ("masked_lm", {"judged": "in_use"}), ("causal_lm", {"training_tokens": 900}), ("span_corruption", {}),
     ("contrastive", {"batch_size": 5}), ("joint", {})],
)  # fmt: skip
def test_they_are_those_of_a_run_with_these_settings(task, settings, small_text):
    spec = tiny.spec(small_text, task=task, **settings)
    assert remeasure_lines.measured(spec) == TrainingSession(spec).baselines


def recorded(spec, lines):
    events = [{"kind": "started", "payload": {}}, {"kind": "baselines", "payload": lines.to_json()}]
    result = {"baselines": lines.to_json(), "bits_per_byte": 1.5}
    return json.loads(json.dumps({"spec": spec.to_json(), "events": events, "result": result}))  # as read from a file


def test_only_the_bigram_line_moves(small_text):
    spec = tiny.spec(small_text, task="masked_lm")
    lines = remeasure_lines.measured(spec)
    saved = recorded(spec, replace(lines, bigram_nats=9.0, floor_nats=0.5))
    expected = recorded(spec, replace(lines, floor_nats=0.5))
    expected["result"]["bits_per_byte"] = None
    assert remeasure_lines.with_lines(saved, lines) == expected
    assert saved["result"]["bits_per_byte"] == 1.5, "what was saved is not changed in place"


def test_bits_per_byte_of_a_causal_model_stay(small_text):
    spec = tiny.spec(small_text)
    lines = remeasure_lines.measured(spec)
    assert remeasure_lines.with_lines(recorded(spec, lines), lines) == recorded(spec, lines)


def test_losses_that_belong_to_other_examples_are_named(small_text):
    spec = tiny.spec(small_text, task="masked_lm")
    lines = remeasure_lines.measured(spec)
    with pytest.raises(remeasure_lines.OtherExamplesError, match="num_targets was"):
        remeasure_lines.with_lines(recorded(spec, replace(lines, num_targets=lines.num_targets + 1)), lines)


def test_lines_that_depend_on_what_is_learnt_stay(small_text):
    assert remeasure_lines.measured(tiny.spec(small_text, task="replaced_token_detection")) is None
