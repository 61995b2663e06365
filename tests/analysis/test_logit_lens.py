import dataclasses

import pytest

from ssl_core.analysis import logit_lens, predictions
from ssl_core.errors import UserError
from tests.analysis.asked import ENGLISH, opening, subject

CLOSE = 1e-5


def asked(found, **payload):
    return logit_lens.answer({"model": {}, **payload}, opening(found))


@pytest.mark.parametrize("reads", ["fill", "continue"])
def test_the_last_stop_says_what_the_model_predicts(reads):
    text = "the small ___ sees" if reads == "fill" else "the small cat"
    reply = asked(subject(reads), text=text)
    told = predictions.answer({"model": {}, "text": text}, opening(subject(reads))).values
    values = reply.values
    assert values["num_layers"] == 2
    assert len(values["stops"]) == 3
    for place in told["places"]:
        seen = values["stops"][-1][values["expects"].index(place["position"])]
        assert [each[0] for each in seen["top"]] == [each["token"] for each in place["top"][:5]]
        assert [each[1] for each in seen["top"]] == pytest.approx([each["probability"] for each in place["top"][:5]], abs=CLOSE)
        assert seen["rank"] == place["rank"]
        assert (seen["probability"] is None) == (place["probability"] is None)
    assert reply.arrays["entropy_nats_ST"].shape == (3, len(values["tokens"]))


def test_a_true_token_is_known_where_it_stands_or_comes_next():
    values = asked(subject("continue"), text="the small cat").values
    assert values["true_tokens"] == ["the", "small", "cat", None]
    values = asked(subject(), words=["the", "small", "cat"], hidden=[1]).values
    assert values["true_tokens"] == ["the", "small", "cat"]
    assert values["tokens"][1] == "[MASK]"
    assert ENGLISH.token_to_id("small") not in values["ids"]


def test_models_that_can_not_be_asked_are_told():
    with pytest.raises(UserError, match="another family"):
        asked(subject(family="xlnet"), text="the ___ cat")
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        asked(dataclasses.replace(subject(), reads=None), text="the ___ cat")
