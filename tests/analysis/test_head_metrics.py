import json

import numpy as np
import pytest
import torch

from ssl_core.analysis import head_metrics
from ssl_core.attention import heads
from ssl_core.attention.recording import record
from ssl_core.errors import UserError
from ssl_core.models.config import FAMILIES
from tests.analysis.asked import opening
from tests.analysis.told import reader

CLOSE = 1e-5  # float32 attention


def asked(subject, **payload):
    return head_metrics.answer({"model": {}, **payload}, opening(subject)).values


def by_key(values):
    return {each["key"]: each for each in values["metrics"]}


def test_figures_are_those_of_a_plain_loop():
    subject, texts = reader("bert"), ["Anna rests in the garden.", "The dog sleeps."]
    previous, total = np.zeros((2, 2)), 0
    for text in texts:
        ids = subject.tokenizer.encode(text).ids
        with torch.no_grad():
            weights_LHTT = record(subject.model, torch.tensor([ids])).weights_LBHTS()[:, 0]
        for place in range(1, len(ids)):
            previous += weights_LHTT[:, :, place, place - 1]
            total += 1
    found = by_key(asked(subject, texts=texts))["to_previous"]
    assert found["num_tokens"] == total
    np.testing.assert_allclose(found["values_LH"], previous / total, atol=CLOSE)


def test_what_does_not_apply_has_no_figures():
    seeing_all, back_only = (by_key(asked(reader(family), num_texts=4)) for family in ("bert", "llama"))
    assert seeing_all["induction"]["values_LH"] is None
    assert seeing_all["to_sep"]["values_LH"] is None, "a text alone stands bare"
    assert back_only["to_next"]["values_LH"] is None
    assert back_only["to_sep"]["values_LH"] is not None, "its documents begin after [SEP]"
    assert back_only["induction"]["num_tokens"] == head_metrics.NUM_SAID_TWICE * head_metrics.MOST_SAID_TWICE


def test_without_training_no_head_is_an_induction_head():
    values = asked(reader("llama"), num_texts=4)
    found = by_key(values)["induction"]
    assert np.array(found["values_LH"]) == pytest.approx(found["uniform_L"][0], rel=0.2)
    assert {each["label"] for each in values["labels"]} <= {"broad"}


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_is_measured(family):
    values = asked(reader(family), num_texts=3)
    json.dumps(values, allow_nan=False)
    assert [each["key"] for each in values["metrics"]] == list(heads.MENU)
    assert values["num_texts"] == 3
    assert (values["num_layers"], values["num_heads"]) == (1 if family in ("t5", "bart") else 2, 2), "the part that reads"
    assert values["looks_back"] is (family in ("gpt2", "llama"))
    entropy = by_key(values)["entropy"]
    assert (np.array(entropy["values_LH"]) <= np.array(entropy["uniform_L"])[:, None] + CLOSE).all()


def test_labels_name_rule_and_figures():
    values = asked(reader("bert"), num_texts=3)
    label = values["labels"][0]
    assert set(label) == {"layer", "head", "label", "metric", "value", "uniform"}
    table = by_key(values)[label["metric"]]
    assert label["value"] == table["values_LH"][label["layer"]][label["head"]]


def test_a_bad_question_says_why():
    with pytest.raises(UserError, match="no text"):
        asked(reader(), texts=["  "])
