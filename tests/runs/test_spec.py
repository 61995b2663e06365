import dataclasses
import json

import pytest

from ssl_core.errors import UserError
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec


@pytest.mark.parametrize("preset", presets.PRESETS, ids=lambda each: each.key)
def test_a_spec_comes_back_from_json_as_it_was(preset):
    spec = presets.spec(preset.key)
    spec = dataclasses.replace(spec, training=dataclasses.replace(spec.training, pace=(1, 2, 2, 5)))
    assert RunSpec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def test_what_is_missing_takes_its_default():
    spec = RunSpec.from_json({"seed": 3})
    assert (spec.task, spec.corpus, spec.seed, spec.probes) == ("masked_lm", "bbc-news", 3, ())


@pytest.mark.parametrize(
    ("saved", "message"),
    [
        ([1], "must be a JSON object; this is list"),
        ("text", "must be a JSON object; this is str"),
        ({"training": "fast"}, "must be a JSON object; this is str"),
        ({"training": {"pace": "12"}}, "A pace is a list"),
        ({"training": {"pace": [3, 2]}}, "A pace is a list"),
        ({"training": {"pace": [1.5]}}, "A pace is a list"),
        ({"task": "../../x"}, "Unknown pretext task"),
        ({"task": 7}, "Unknown pretext task"),
        ({"corpus": 7}, "The corpus is 7"),
        ({"corpus": ""}, "The corpus is ''"),
        ({"seed": "7"}, "Seed is '7'; give a number"),
        ({"seed": True}, "Seed is True; give a number"),
        ({"seed": 1.5}, "give a whole number"),
        ({"training": {"learning_rate": float("nan")}}, "Learning rate is nan; give a number"),
        ({"training": {"optimizer": ["adamw"]}}, "choose one of adamw, muon, sgd"),
        ({"training": {"speed": 9}}, "Unknown setting: speed"),
        ({"task_settings": {"whole_words": "yes"}}, "choose true or false"),
        ({"unknown": 1}, "Unknown setting: unknown"),
        ({"mistake": "none of ours"}, "choose one of"),
        ({"mistake": 3}, "choose one of"),
        ({"mistake": "causal_mask_forgotten"}, "can't be made in this task; it can in"),
        ({"probes": "one sentence"}, None),
        ({"probes": [5]}, "Each probe sentence must be a text"),
        ({"probes": [" "]}, "Each probe sentence must be a text"),
        ({"probes": ["x"] * 9}, "9 probe sentences are too many"),
        ({"probes": ["x" * 301]}, "keep it under 300 characters"),
        ({"model": {"family": "gpt2"}}, "can't train the family 'gpt2'"),
    ],
)
def test_settings_from_outside_are_checked(saved, message):
    if message is None:
        assert RunSpec.from_json(saved).probes == ("one sentence",)
        return
    with pytest.raises(UserError) as refused:
        RunSpec.from_json(saved)
    assert message in refused.value.message()


def test_a_spec_from_before_there_were_mistakes_makes_none():
    saved = presets.spec("lm-en").to_json()
    assert saved.pop("mistake") == ""
    assert RunSpec.from_json(saved) == presets.spec("lm-en")


def test_all_problems_are_told_at_once():
    with pytest.raises(UserError) as refused:
        RunSpec.from_json({"seed": -1, "model": {"family": "gpt2"}, "probes": ["x"] * 9})
    for part in ("Seed is -1", "gpt2", "9 probe sentences"):
        assert part in refused.value.message()
