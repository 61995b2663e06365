import dataclasses
import math

import pytest
import torch

from ssl_core.analysis import explanations
from ssl_core.attention import explaining, leave_one_out
from ssl_core.attention.asking import Asked
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID, SEP_ID, UNK_ID
from tests.analysis.asked import ENGLISH, opening, subject

CAT = ENGLISH.token_to_id("cat")


def asked(found, **payload):
    return explanations.answer({"model": {}, **payload}, opening(found)).values


def log_probability(found, ids, place, target_id):
    with torch.no_grad():
        return float(found.model(torch.tensor([ids])).logits[0, place].log_softmax(-1)[target_id])


def test_a_blank_is_explained_by_every_method_beside_what_leaving_out_changes():
    found = subject()
    values = asked(found, text="the small ___ sees the dog", target="cat")
    ids = values["ids"]
    assert ids[2] == MASK_ID
    assert (values["position"], values["place"], values["stand_in"]) == (2, 2, "[MASK]")
    assert (values["target"]["token"], values["target"]["id"], values["target"]["is_true"]) == ("cat", CAT, None)
    full = log_probability(found, ids, 2, CAT)
    assert values["target"]["log_probability"] == pytest.approx(full, abs=1e-5)
    assert math.exp(full) == pytest.approx(values["target"]["probability"], abs=1e-5)
    for token, change in enumerate(values["leave_one_out"]):
        without = [MASK_ID if number == token else each for number, each in enumerate(ids)]
        assert change == pytest.approx(full - log_probability(found, without, 2, CAT), abs=1e-5)
    assert values["is_compared"] == [True, True, False, True, True, True]
    assert [each["key"] for each in values["methods"]] == [method.key for method in explaining.METHODS]
    for each in values["methods"]:
        assert len(each["scores"]) == len(ids)
        assert -1 <= each["size"]["kendall"] <= 1
        assert (each["signed"] is not None) == each["is_signed"]
    assert values["completeness"]["sum"] == pytest.approx(values["completeness"]["difference"], abs=0.01)


def test_correlations_are_those_of_the_numbers_that_are_shown():
    values = asked(subject(), text="the small ___ sees the old dog every day")
    pick = torch.tensor(values["is_compared"]).numpy()
    change = torch.tensor(values["leave_one_out"], dtype=torch.float64).numpy()[pick]
    for each in values["methods"]:
        scores = torch.tensor(each["scores"], dtype=torch.float64).numpy()[pick]
        assert each["size"]["kendall"] == pytest.approx(leave_one_out.agreement(abs(scores), abs(change)).kendall)


def test_a_decoder_is_explained_at_the_token_to_come_or_at_one_that_stands_there():
    found = subject("continue")
    values = asked(found, text="the small cat")
    assert values["ids"] == [SEP_ID, *ENGLISH.encode("the small cat").ids]
    assert (values["position"], values["place"], values["stand_in"]) == (4, 3, "[UNK]")
    assert values["target"]["id"] == values["top"][0]["id"], "nobody knows what comes, so the likeliest is explained"
    values = asked(found, text="the small cat", position=3)
    assert values["ids"] == [SEP_ID, *ENGLISH.encode("the small").ids], "what comes later is not read"
    assert (values["target"]["id"], values["target"]["is_true"], values["place"]) == (CAT, True, 2)


def test_the_target_is_the_hidden_word_where_it_is_known():
    assert asked(subject(), text="the small cat")["target"]["id"] == CAT, "its last word is hidden"
    assert asked(subject(), text="the small cat", target_id=7)["target"]["is_true"] is False


def test_the_network_is_asked_as_it_stands_in_the_numbers():
    """What the kind hands over is what ``explaining`` says of the same prediction."""
    found = subject()
    values = asked(found, words=["the", "small", "cat", "sees"], hidden=[1])
    one = Asked(ids_T=tuple(values["ids"]), place=1, target_id=values["target"]["id"], stand_in_id=MASK_ID)
    for each in values["methods"]:
        expected = explaining.explain(found.model, one).scores[each["key"]]
        assert each["scores"] == pytest.approx(expected.tolist(), abs=1e-6), each["key"]
    assert explanations.stand_in_id(subject("continue")) == UNK_ID


@pytest.mark.parametrize(
    ("payload", "why"),
    [
        ({"target": "zebra"}, "not one token"),
        ({"target": "the cat"}, "not one token"),
        ({"target_id": 10_000}, "vocabulary ends"),
        ({"position": 0}, "it is at 2"),
        ({"text": ""}, "empty"),
    ],
)
def test_what_can_not_be_explained_is_told(payload, why):
    with pytest.raises(UserError, match=why):
        asked(subject(), **{"text": "the small ___ sees", **payload})


def test_models_that_can_not_be_asked_are_told():
    with pytest.raises(UserError, match="another family"):
        asked(subject(family="xlnet"), text="the ___ cat")
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        asked(dataclasses.replace(subject(), reads="restore"), text="the ___ cat")


def test_a_text_that_would_take_minutes_is_told(monkeypatch):
    monkeypatch.setattr(explanations, "MOST_TOKENS", 5)
    assert len(asked(subject(), text="the small ___ sees the")["tokens"]) == 5
    with pytest.raises(UserError, match="6 tokens; up to 5"):
        asked(subject(), text="the small ___ sees the dog")
