import pytest
import torch

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.models.config import ModelConfig
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.characters import train_characters
from ssl_core.tokenization.display import decode
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
    [
        ("", "empty"),
        ("  ", "empty"),
        ("___", "nothing but blanks"),
        ("the", "One word alone"),
        ("!?", "no word"),
        ("the " * 30 + "___", "31 tokens"),
    ],
)
def test_a_sentence_that_can_not_be_filled_says_why(text, complaint):
    with pytest.raises(UserError, match=complaint):
        filled(text)


def test_html_stays_text():
    payload = filled("the <script>alert(1)</script> ___")
    assert payload["text"] == "the <script>alert(1)</script> ___"


def all_continued(texts, tokenizer=ENGLISH, seed: int = 0, family: str = "gpt2", model=None):
    generators = [torch.Generator().manual_seed(seed) for _ in texts]
    return probes.continue_all(model or a_model(family, tokenizer), tokenizer, texts, 16, generators)


def continued(text: str, tokenizer=ENGLISH, **more):
    return all_continued([text], tokenizer, **more)[0]


def continued_plainly(model, text: str, seed: int = 0) -> str:
    """One beginning alone, the whole of it read anew for every token, by Hugging Face's own forward pass."""
    generator = torch.Generator().manual_seed(seed)
    ids = [3, *ENGLISH.encode(text, add_special_tokens=False).ids]
    for _ in range(probes.NUM_NEW_TOKENS):
        with torch.no_grad():
            logits_V = model(torch.tensor([ids[-16:]])).logits[0, -1].double()
        logits_V[:5] = -torch.inf
        top = (logits_V / probes.TEMPERATURE).topk(probes.TOP_K)
        ids.append(int(top.indices[torch.multinomial(top.values.softmax(0).float(), 1, generator=generator)]))
    return decode(ENGLISH, ids[1:])


@pytest.mark.parametrize("family", ["gpt2", "llama"])
def test_beginnings_continued_together_go_on_as_each_does_alone_without_a_memory(family):
    model = a_model(family, ENGLISH).eval()
    with torch.no_grad():
        for weight in model.parameters():
            weight.mul_(3)  # so that the next token is no toss-up, and positions and neighbours matter
    texts = ["the small cat", "the", "a red bird sees the old dog every day"]  # the longest soon fills the context of 16
    together = all_continued(texts, family=family, model=model)
    assert [each["text"] for each in together] == [continued_plainly(model, text) for text in texts]
    assert len({each["text"].removeprefix(each["prompt"]) for each in together}) == 3, "not one continuation for all"


def test_a_beginning_that_is_refused_does_not_change_the_others():
    alone = continued("the small cat")
    refused, together = all_continued(["", "the small cat"])
    assert isinstance(refused, UserError)
    assert together == alone


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
    refusal = continued(text)
    assert isinstance(refusal, UserError)
    assert complaint in refusal.message()


def test_sentences_are_filled_one_by_one_and_a_bad_one_spoils_no_other():
    model = a_model("modernbert", ENGLISH)
    good, bad = probes.fill_all(model, ENGLISH, ["the ___ cat", "___"], 16)
    assert good == probes.fill(model, ENGLISH, "the ___ cat", 16)
    assert isinstance(bad, UserError)


def test_watching_leaves_the_network_in_training_mode_and_the_threads_as_they_were():
    model, num_threads = a_model("gpt2", ENGLISH).train(), torch.get_num_threads()
    torch.set_num_threads(2)
    all_continued(["the"], model=model)
    assert (model.training, torch.get_num_threads()) == (True, 2)
    torch.set_num_threads(num_threads)
