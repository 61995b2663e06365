import dataclasses
import math

import pytest
import torch

from ssl_core.analysis import predictions
from ssl_core.analysis.subjects import Subjects
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID, SEP_ID
from ssl_core.training.session import TrainingSession
from tests.analysis.asked import ENGLISH, opening, subject, trained
from tests.training import tiny

CLOSE = 1e-5  # our own attention and Hugging Face's round differently


def asked(payload, found):
    return predictions.answer({"model": {}, **payload}, opening(found))


def shares_TV(found, ids):
    """The whole network's own forward pass, as Hugging Face computes it."""
    with torch.no_grad():
        return found.model(torch.tensor([ids])).logits[0].double().softmax(-1)


def test_a_hidden_token_is_guessed_as_the_whole_network_does():
    found = subject()
    ids = ENGLISH.encode("the small cat sees the dog", add_special_tokens=False).ids
    reply = asked({"ids": ids, "hidden": [1, 4]}, found)
    seen = [MASK_ID if position in (1, 4) else token_id for position, token_id in enumerate(ids)]
    expected_TV = shares_TV(found, seen)
    assert [place["position"] for place in reply.values["places"]] == [1, 4]
    for place, row_V in zip(reply.values["places"], reply.arrays["probability_NV"], strict=True):
        expected_V = expected_TV[place["position"]]
        assert row_V == pytest.approx(expected_V.numpy(), abs=CLOSE)
        true_id = ids[place["position"]]
        assert place["id"] == true_id
        assert place["loss_nats"] == pytest.approx(-math.log(expected_V[true_id]), abs=CLOSE)
        assert place["rank"] == 1 + int((expected_V > expected_V[true_id]).sum())


def test_a_decoder_says_at_each_token_what_comes_next_and_after_the_last_as_well():
    found = subject("continue")
    reply = asked({"text": "the small cat"}, found)
    ids = [SEP_ID, *ENGLISH.encode("the small cat", add_special_tokens=False).ids]
    expected_TV = shares_TV(found, ids)
    places = reply.values["places"]
    assert [place["position"] for place in places] == [1, 2, 3, 4]
    assert reply.arrays["probability_NV"] == pytest.approx(expected_TV.numpy(), abs=CLOSE)
    for place, row_V in zip(places[:-1], expected_TV, strict=False):
        assert place["loss_nats"] == pytest.approx(-math.log(row_V[ids[place["position"]]]), abs=CLOSE)
    assert places[-1]["loss_nats"] is None
    assert places[-1]["token"] is None


def test_the_likeliest_tokens_come_in_order_with_their_shares():
    reply = asked({"text": "the ___ cat", "num_top": 3}, subject())
    (place,) = reply.values["places"]
    row_V = reply.arrays["probability_NV"][0]
    assert [each["probability"] for each in place["top"]] == pytest.approx(sorted(row_V, reverse=True)[:3])
    assert [row_V[each["id"]] for each in place["top"]] == pytest.approx([each["probability"] for each in place["top"]])
    vocabulary = reply.values["vocabulary"]
    assert [vocabulary[each["id"]].replace("##", "-") for each in place["top"]] == [each["token"] for each in place["top"]]


def test_of_a_large_vocabulary_only_the_fifty_likeliest_are_kept(monkeypatch):
    payload = {"text": "the ___ cat"}
    whole_V = asked(payload, subject()).arrays["probability_NV"][0]
    monkeypatch.setattr(predictions, "MAX_WHOLE", 64)
    reply = asked(payload, subject())
    assert reply.values["vocabulary"] is None
    assert reply.arrays["top_probability_NK"].shape == (1, 50)
    assert whole_V[reply.arrays["top_ids_NK"][0]] == pytest.approx(reply.arrays["top_probability_NK"][0])
    assert min(reply.arrays["top_probability_NK"][0]) >= sorted(whole_V)[-50]


def test_words_keep_their_place():
    reply = asked({"words": ["the", "catdog", "sees"], "hidden": [1]}, subject())
    assert {place["word"] for place in reply.values["places"]} == {1}
    decoder = asked({"words": ["the", "cat"]}, subject("continue"))
    assert [place["word"] for place in decoder.values["places"]] == [0, 1, None]


@pytest.mark.parametrize("task", ["masked_lm", "causal_lm"])
def test_a_trained_run_is_asked_as_it_was_trained(store, small_text, shared_cache, task):
    """Its mean loss over some held-out text is what the run itself measures on the same positions."""
    spec = tiny.spec(small_text, task=task)
    run_id = trained(store, spec)
    session = TrainingSession(spec)
    list(session.steps())
    session.model.eval()
    ids = session.tokenized.validation_ids[:12].tolist()
    reply = predictions.answer({"model": {"run": run_id}, "ids": ids, "hidden": [3, 5]}, Subjects(store))
    seen = [MASK_ID if position in (3, 5) and task == "masked_lm" else token_id for position, token_id in enumerate(ids)]
    with torch.no_grad():
        logits_TV = session.model(torch.tensor([seen])).logits[0]
    positions = [3, 5] if task == "masked_lm" else list(range(1, 12))
    lag = 0 if task == "masked_lm" else 1
    expected = torch.nn.functional.cross_entropy(
        logits_TV[[each - lag for each in positions]], torch.tensor([ids[each] for each in positions]), reduction="none"
    )
    losses = [place["loss_nats"] for place in reply.values["places"] if place["loss_nats"] is not None]
    assert losses == pytest.approx(expected.tolist(), abs=CLOSE)
    assert reply.values["step"] == 6


@pytest.mark.parametrize("reads", ["pair", "restore", None])
def test_a_network_that_expects_no_words_is_not_asked_for_any(reads):
    with pytest.raises(UserError, match="neither to fill blanks nor to write on"):
        predictions.answer({"model": {}, "text": "the ___ cat"}, opening(dataclasses.replace(subject(), reads=reads)))
