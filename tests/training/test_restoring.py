import itertools

import pytest
import torch

from ssl_core import models, pretext
from ssl_core.errors import UserError
from ssl_core.models.config import ModelConfig
from ssl_core.pretext.base import Vocabulary
from ssl_core.tokenization.wordpiece import train_wordpiece
from ssl_core.training import probes, restoring
from tests.training import tiny

TOKENIZER = train_wordpiece(["the small cat sees the old dog every day .", "the king likes a red bird ."] * 20, 120)
TASKS = [("span_corruption", "t5"), ("denoising", "bart")]
SMALL = Vocabulary(size=8, special_ids=(0, 1, 2, 3, 4), mask_id=4, num_sentinels=2)


def a_writer(seed=0):
    """Say of each beginning, whatever its length, how it goes on: drawn at random, but always the same."""

    def write(beginnings):
        rows = []
        for ids in beginnings:
            generator = torch.Generator().manual_seed(seed + sum((place + 1) * 31**token for place, token in enumerate(ids)))
            rows.append((2 * torch.randn(10, generator=generator)).log_softmax(-1))
        return torch.stack(rows)

    return write


def test_the_fillings_are_the_likeliest_of_all_there_are(monkeypatch):
    monkeypatch.setattr(restoring, "MOST_TOKENS", 3)
    monkeypatch.setattr(restoring, "NUM_FILLINGS", 30)  # so wide a search leaves nothing out
    write, end_id = a_writer(), 8
    every = {}
    for length in (1, 2, 3):
        for ids in itertools.product((5, 6, 7), repeat=length):
            steps = [*ids, end_id]
            every[ids] = float(sum(write([list(ids[:place])])[0, step] for place, step in enumerate(steps)))
    best = sorted(every, key=every.get, reverse=True)
    found = restoring.likeliest_fillings(write, end_id, SMALL)
    assert [tuple(ids) for ids, _ in found] == best[:30]
    assert [share for _, share in found] == pytest.approx(
        [torch.tensor(every[ids]).exp().item() for ids in best[:30]], rel=1e-4
    )


def test_where_nothing_stands_behind_the_gap_it_takes_one_token():
    found = restoring.likeliest_fillings(a_writer(), None, SMALL)
    assert sorted(ids[0] for ids, _ in found) == [5, 6, 7]
    assert found == sorted(found, key=lambda each: -each[1])


def a_model(task, family):
    own = Vocabulary(size=TOKENIZER.get_vocab_size(), special_ids=(0, 1, 2, 3, 4), mask_id=4)
    vocabulary = pretext.vocabulary_for(task, pretext.task(task).Config(), own)
    config = ModelConfig(family=family, size="tiny", context_tokens=16)
    return models.build(config, vocabulary.size_with_sentinels, seed=0).eval(), vocabulary


@pytest.mark.parametrize(("task", "family"), TASKS)
def test_each_gap_gets_fillings_with_their_probabilities(task, family):
    model, vocabulary = a_model(task, family)
    with torch.no_grad():
        payload = restoring.restore(model, TOKENIZER, vocabulary, "the ___ cat sees the [MASK] dog", 16)
    assert payload["text"] == "the ___ cat sees the [MASK] dog"
    assert [payload["tokens"][each["position"]] for each in payload["blanks"]] == ["[MASK]", "[MASK]"]
    for blank in payload["blanks"]:
        shares = [guess["probability"] for guess in blank["top"]]
        assert shares == sorted(shares, reverse=True)
        assert all(guess["token"] for guess in blank["top"]), "no filling is empty"


def test_a_filling_costs_what_hugging_face_says_of_the_whole_that_is_written():
    model, vocabulary = a_model("span_corruption", "t5")
    with torch.no_grad():
        payload = restoring.restore(model, TOKENIZER, vocabulary, "the ___ cat", 16)
        first, second = vocabulary.sentinel_id(0), vocabulary.sentinel_id(1)
        best = payload["blanks"][0]["top"][0]
        filling = next(
            ids
            for ids, share in restoring.likeliest_fillings(
                restoring._writer(model, [TOKENIZER.token_to_id("the"), first, TOKENIZER.token_to_id("cat")], [3, first]),
                second,
                vocabulary,
            )
        )
        encoder_ids = torch.tensor([[TOKENIZER.token_to_id("the"), first, TOKENIZER.token_to_id("cat")]])
        logits = model(input_ids=encoder_ids, decoder_input_ids=torch.tensor([[3, first, *filling]])).logits[0, 1:]
        log_p = logits.log_softmax(-1)[range(len(filling) + 1), [*filling, second]].sum()
    assert best["probability"] == pytest.approx(float(log_p.exp()), abs=1e-5)  # shown so exactly


def test_what_can_not_be_looked_at_is_told_and_the_rest_is_looked_at(tmp_path):
    model, vocabulary = a_model("denoising", "bart")
    spec = tiny.spec(tmp_path / "none.txt", "denoising")
    watched = probes.Watched(model=model, tokenizer=TOKENIZER, vocabulary=vocabulary, spec=spec, seed=0)
    empty, long, fine = probes.KINDS["restore"](watched, ["  ", "the cat " * 20, "the ___ cat"])
    assert isinstance(empty, UserError)
    assert isinstance(long, UserError)
    assert fine["kind"] == "restore"
