import pytest
import torch

from ssl_core import objectives
from ssl_core.errors import UserError
from ssl_core.pretext.base import Vocabulary
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import comparing, probes
from tests.training import tiny

TOKENIZER = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
VECTORS = {"the cat": [1.0, 0.0], "the dog": [3.0, 4.0], "a king": [-2.0, 0.0]}


def represent(rows):
    known = {tuple(TOKENIZER.encode(text, add_special_tokens=False).ids): vector for text, vector in VECTORS.items()}
    return torch.tensor([known[tuple(row)] for row in rows])


def test_others_stand_by_their_cosine_the_nearest_first():
    answers = comparing.compare(represent, TOKENIZER, ["the cat"], list(VECTORS), 16)
    assert answers == [
        {
            "kind": "compare",
            "text": "the cat",
            "near": [{"text": "the dog", "similarity": 0.6}, {"text": "a king", "similarity": -1.0}],
        }
    ]  # 3 / 5, and opposite


def test_a_new_sentence_is_compared_with_those_that_are_watched_and_bad_ones_with_nothing():
    empty, new, long = comparing.compare(represent, TOKENIZER, ["  ", "a king", "the cat " * 20], ["the cat", "the dog"], 16)
    assert isinstance(empty, UserError)
    assert isinstance(long, UserError)
    assert [each["text"] for each in new["near"]] == ["the dog", "the cat"]


def test_a_sentence_alone_has_no_others():
    assert comparing.compare(represent, TOKENIZER, ["a king"], [], 16)[0]["near"] == []


def test_a_run_is_watched_through_its_own_network(tmp_path):
    vocabulary = Vocabulary(size=TOKENIZER.get_vocab_size(), special_ids=(0, 1, 2, 3, 4), mask_id=4)
    spec = tiny.spec(tmp_path / "none.txt", "contrastive")
    network = objectives.build(spec, vocabulary)
    watched = probes.Watched(model=network, tokenizer=TOKENIZER, vocabulary=vocabulary, spec=spec, seed=0)
    one, two = probes.KINDS["compare"](watched, ["the cat", "the old dog"])
    assert one["near"][0]["similarity"] == pytest.approx(two["near"][0]["similarity"], abs=1e-4)  # rounded to five digits
