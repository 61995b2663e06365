import pytest
import torch

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import probes

ENGLISH = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
CHINESE = train_characters(["中国人民在北京举行大会，今天天气很好。"], 64)


def a_model(family: str, tokenizer) -> torch.nn.Module:
    return models.build(ModelConfig(family=family, size="tiny", context_tokens=16), tokenizer.get_vocab_size(), seed=0)


def filled(text: str, tokenizer=ENGLISH):
    return probes.fill(a_model("modernbert", tokenizer), tokenizer, text, 16)


def test_each_blank_gets_five_guesses_in_order_of_probability():
    payload = filled("the ___ cat sees the [MASK] dog")
    assert payload["text"] == "the ___ cat sees the [MASK] dog"
    assert [payload["tokens"][each["position"]] for each in payload["blanks"]] == ["[MASK]", "[MASK]"]
    for blank in payload["blanks"]:
        shares = [guess["probability"] for guess in blank["top"]]
        assert len(shares) == 5
        assert shares == sorted(shares, reverse=True)
        assert 0 < sum(shares) <= 1


def test_the_guesses_are_those_of_the_whole_network():
    model = a_model("modernbert", ENGLISH).eval()
    payload = probes.fill(model, ENGLISH, "the ___ cat", 16)
    ids = [ENGLISH.token_to_id("the"), 4, ENGLISH.token_to_id("cat")]
    with torch.no_grad():
        shares = model(torch.tensor([ids])).logits[0, 1].softmax(-1)
    assert payload["blanks"][0]["top"][0]["probability"] == pytest.approx(float(shares.max()), abs=1e-5)  # shown so exactly


@pytest.mark.parametrize(
    ("text", "hidden", "tokenizer"),
    [("the small cat", "cat", ENGLISH), ("the small cat sees .", "sees", ENGLISH), ("今天天气很好。", "好", CHINESE)],
)
def test_without_a_blank_the_last_word_becomes_one(text, hidden, tokenizer):
    payload = filled(text, tokenizer)
    shown = "".join(payload["tokens"])
    assert len(payload["blanks"]) == 1
    assert shown.replace("[MASK]", hidden) == text.replace(" ", "")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [("", "empty"), ("  ", "empty"), ("___", "nothing but blanks"), ("!?", "no word"), ("the " * 30 + "___", "31 tokens")],
)
def test_a_sentence_that_can_not_be_filled_says_why(text, complaint):
    with pytest.raises(UserError, match=complaint):
        filled(text)


def test_html_stays_text():
    payload = filled("the <script>alert(1)</script> ___")
    assert payload["text"] == "the <script>alert(1)</script> ___"


def continued(text: str, tokenizer=ENGLISH, seed: int = 0, family: str = "gpt2"):
    generator = torch.Generator().manual_seed(seed)
    return probes.continue_text(a_model(family, tokenizer), tokenizer, text, 16, generator)


@pytest.mark.parametrize("tokenizer", [ENGLISH, CHINESE])
def test_a_continuation_begins_with_what_was_written(tokenizer):
    prompt = {ENGLISH: "the small cat", CHINESE: "今天"}[tokenizer]
    payload = continued(prompt, tokenizer)
    assert payload["prompt"] == prompt
    assert payload["text"].startswith(prompt)
    assert len(payload["text"]) > len(prompt)
    assert not any(special in payload["text"] for special in SPECIAL_TOKENS)


def test_the_same_generator_draws_the_same_text():
    assert continued("the small", seed=1) == continued("the small", seed=1)
    assert continued("the small", seed=1) != continued("the small", seed=2)


@pytest.mark.parametrize(("text", "complaint"), [("", "empty"), ("the " * 16, "tokens")])
def test_a_beginning_that_can_not_be_continued_says_why(text, complaint):
    with pytest.raises(UserError, match=complaint):
        continued(text)


def test_watching_leaves_the_network_in_training_mode():
    model = a_model("gpt2", ENGLISH).train()
    probes.continue_text(model, ENGLISH, "the", 16, torch.Generator())
    assert model.training
