import pytest
import torch

from ssl_core import objectives
from ssl_core.errors import UserError
from ssl_core.objectives import replaced
from ssl_core.pretext.base import Vocabulary
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import probes, spotting
from tests.training import tiny

TOKENIZER = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)


@pytest.fixture
def network(tmp_path):
    vocabulary = Vocabulary(size=TOKENIZER.get_vocab_size(), special_ids=(0, 1, 2, 3, 4), mask_id=4)
    return objectives.build(tiny.spec(tmp_path / "none.txt", "replaced_token_detection"), vocabulary).eval()


def test_each_token_gets_its_chance_and_its_place_in_the_sentence(network):
    text = "the small king sees"
    with torch.no_grad():
        payload = spotting.spot(network, TOKENIZER, text, 16)
        ids_BT = torch.tensor([TOKENIZER.encode(text, add_special_tokens=False).ids])
        logits_T = replaced.logits_of_replaced(network, ids_BT)[0]
    assert [text[start:end] for start, end in payload["places"]] == [token.strip("-") for token in payload["tokens"]]
    expected = [1 / (1 + 2.718281828459045 ** -float(logit)) for logit in logits_T]
    assert payload["chances"] == pytest.approx(expected, abs=1e-5), "rounded to five digits"


def test_what_can_not_be_looked_at_is_told_and_the_rest_is_looked_at(network, tmp_path):
    spec = tiny.spec(tmp_path / "none.txt", "replaced_token_detection")
    watched = probes.Watched(model=network, tokenizer=TOKENIZER, vocabulary=tiny.VOCABULARY, spec=spec, seed=0)
    empty, long, fine = probes.KINDS["spot"](watched, ["  ", "the cat " * 20, "the cat"])
    assert isinstance(empty, UserError)
    assert isinstance(long, UserError)
    assert fine["kind"] == "spot"
