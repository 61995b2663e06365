"""Answers that come with the app: there for every model of the shelf, of these very weights, and true."""

import math

import numpy as np
import pytest

from ssl_core import analysis, shelf
from ssl_core.analysis.subjects import Subjects
from ssl_core.engine import questions, recorded_answers

KINDS = ("ablation", "attention", "head_dependencies", "head_importance", "head_metrics")
NAMES = shelf.names()
QUICK = ("attention", "ablation")  # the others take seconds for each model


def recorded(name, kind):
    """Return what was asked and what was answered, as the file has it."""
    found = recorded_answers._read(recorded_answers._path(name, kind))
    assert found is not None, "tools/record_answers.py makes it"
    return found["payload"], recorded_answers.find(kind, found["payload"])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_model_of_the_shelf_has_an_answer_for_these_very_weights(name, kind):
    payload, answer = recorded(name, kind)
    assert answer is not None, "the weights changed since: tools/record_answers.py makes it anew"
    assert answer.status == "answered"
    assert payload["model"] == questions.of_run(shelf.key(name))


def alike(found, kept, where=""):
    """Check that two values are the same; numbers to a thousandth, which other processors do not change."""
    if isinstance(kept, dict):
        assert found.keys() == kept.keys(), where
        for name in kept:
            alike(found[name], kept[name], f"{where}.{name}")
    elif isinstance(kept, (list, tuple)):
        assert len(found) == len(kept), where
        for number, (one, other) in enumerate(zip(found, kept, strict=True)):
            alike(one, other, f"{where}[{number}]")
    elif isinstance(kept, float):
        assert math.isclose(found, kept, rel_tol=1e-3, abs_tol=1e-4), where
    else:
        assert found == kept, where


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", QUICK)
def test_a_recorded_answer_is_what_the_model_says_today(name, kind, store):
    payload, kept = recorded(name, kind)
    found = analysis.kind(kind).answer(payload, Subjects(store))
    alike(found.values, kept.values)
    arrays = kept.arrays()
    assert found.arrays.keys() == arrays.keys()
    for each, array in arrays.items():
        np.testing.assert_allclose(found.arrays[each], array, rtol=1e-3, atol=1e-4, err_msg=each)


def test_another_question_has_no_recorded_answer():
    payload, _answer = recorded(NAMES[0], "attention")
    assert recorded_answers.find("attention", {**payload, "text": "Another text."}) is None
    assert recorded_answers.find("attention", {**payload, "model": questions.of_run("0123456789ab")}) is None
    assert recorded_answers.find("attention", {**payload, "model": questions.of_run(shelf.key("../../x"))}) is None
    assert recorded_answers.find("predictions", payload) is None
    assert recorded_answers.find("attention", {}) is None


def test_of_other_weights_it_is_no_answer(monkeypatch):
    payload, _answer = recorded(NAMES[0], "attention")
    card = shelf.card(NAMES[0])
    monkeypatch.setattr(shelf, "card", lambda name: type("Card", (), {"weights": card.weights + "x"}))
    assert recorded_answers.find("attention", payload) is None
