import math

import pytest
import torch

from ssl_core.analysis import sentence_scores
from ssl_core.errors import UserError
from ssl_core.tokenization.base import MASK_ID, SEP_ID
from tests.analysis.asked import CHINESE, ENGLISH, opening, subject

CLOSE = 1e-5  # our own attention and Hugging Face's round differently
TWO = ["the small cat sees the old dog .", "the king likes a bird"]


def scores(sentences, found):
    return sentence_scores.answer({"model": {}, "sentences": sentences}, opening(found)).values


def one_by_one(found, sentence, tokenizer):
    """ln p of each token, one forward pass of Hugging Face's own for each."""
    ids = tokenizer.encode(sentence, add_special_tokens=False).ids
    nats = []
    for position, token_id in enumerate(ids):
        fills = found.reads == "fill"
        seen = [*ids[:position], MASK_ID, *ids[position + 1 :]] if fills else [SEP_ID, *ids[:position]]
        with torch.no_grad():
            shares_V = found.model(torch.tensor([seen])).logits[0, position if fills else -1].double().softmax(-1)
        nats.append(math.log(shares_V[token_id]))
    return nats


@pytest.mark.parametrize("reads", ["fill", "continue"])
def test_each_token_is_scored_as_by_a_pass_of_its_own(reads):
    found = subject(reads)
    for sentence, score in zip(TWO, scores(TWO, found)["scores"], strict=True):
        expected = one_by_one(found, sentence, ENGLISH)
        assert score["token_nats"] == pytest.approx(expected, abs=CLOSE)
        assert score["score_nats"] == pytest.approx(sum(expected), abs=CLOSE * len(expected))
        assert score["num_tokens"] == len(expected)


def test_more_tokens_than_are_computed_at_once(monkeypatch):
    expected = [each["token_nats"] for each in scores(TWO, subject())["scores"]]
    monkeypatch.setattr(sentence_scores, "SEQUENCES_AT_ONCE", 3)
    for found, whole in zip(scores(TWO, subject())["scores"], expected, strict=True):
        assert found["token_nats"] == pytest.approx(whole, abs=CLOSE)
    decoded = [each["score_nats"] for each in scores(TWO * 3, subject("continue"))["scores"]]
    assert decoded[:2] == pytest.approx(decoded[4:], abs=CLOSE)


def test_the_method_is_named():
    assert scores(TWO, subject())["method"] == "pseudo_log_likelihood"
    assert scores(TWO, subject("continue"))["method"] == "log_probability"


def test_words_score_as_the_text_they_make():
    for reads in ("fill", "continue"):
        found = scores([["今天", "天气", "好"], "今天天气好"], subject(reads, CHINESE))["scores"]
        assert found[0] == found[1]


@pytest.mark.parametrize("reads", ["fill", "continue"])
@pytest.mark.parametrize(
    ("sentences", "complaint"),
    [
        ([], "0 sentences"),
        (["a"] * 300, "300 sentences"),
        (["the cat", " "], "empty"),
        (["the " * 40], "at once"),
        ([[]], "empty"),
    ],
)
def test_what_can_not_be_scored_says_why(reads, sentences, complaint):
    with pytest.raises(UserError, match=complaint):
        scores(sentences, subject(reads))
