import math
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext.base import IGNORED, Vocabulary
from ssl_core.training import baselines, bigram_model
from ssl_core.training.bigram_model import BigramModel
from tests.training.plain_bigram import PlainBigram

V = 12
VOCABULARY = Vocabulary(size=V, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def a_text(length: int, seed: int) -> np.ndarray:
    """Tokens that prefer to follow each other in a circle; the last ones are rare."""
    rng = np.random.default_rng(seed)
    ids = [5]
    for _ in range(length - 1):
        ids.append(5 + (ids[-1] - 5 + int(rng.choice(3, p=[0.7, 0.2, 0.1]))) % (V - 5))
    return np.array(ids, dtype=np.uint16)


def examples_of(task: str, ids_BT: np.ndarray):
    module = pretext.task(task)
    return module.make_examples(ids_BT, np.random.default_rng(1), module.Config(), VOCABULARY)


def test_the_lines_come_in_their_order_on_a_text_made_of_pairs():
    train_ids, ids_BT = a_text(3000, seed=0), a_text(160, seed=1).astype(np.int64).reshape(8, 20)
    plain = PlainBigram(train_ids, V)
    for task in ("masked_lm", "causal_lm", "permutation_lm"):
        examples = examples_of(task, ids_BT)
        measured = baselines.measure(train_ids, ids_BT, examples, VOCABULARY)
        targets = examples.target_ids_BT[examples.is_predicted_BT].tolist()
        assert measured.uniform_nats == pytest.approx(math.log(V))
        assert measured.unigram_nats == pytest.approx(np.mean([-math.log(plain.unigram[each]) for each in targets]), abs=1e-9)
        assert measured.num_targets == examples.is_predicted_BT.sum()
        assert measured.bigram_nats < measured.unigram_nats < measured.uniform_nats, "this text is made of pairs"


def test_what_a_blind_pick_costs_is_averaged_over_the_batches_there_are():
    examples = replace(examples_of("causal_lm", a_text(60, seed=0).astype(np.int64).reshape(6, 10)), num_views=2)
    examples = replace(examples, target_ids_BT=np.full((6, 10), IGNORED))
    measured = baselines.measure(a_text(60, seed=0), np.zeros((3, 10), np.int64), examples, VOCABULARY, texts_at_once=[2, 1])
    assert measured.uniform_nats == measured.unigram_nats == pytest.approx(2 * math.log(2) / 3)
    assert measured.bigram_nats is None


def test_probabilities_add_up_to_one_whatever_stands_to_the_left():
    pairs = BigramModel(a_text(500, seed=0), V)
    for left in (-1, *range(V)):  # -1: unknown; 0 to 4 never occur
        total = pairs.probabilities(np.full(V, left), np.arange(V)).sum()
        assert total == pytest.approx(1, abs=1e-12), left


def test_a_hidden_left_neighbour_leaves_word_frequencies():
    pairs = BigramModel(a_text(500, seed=0), V)
    np.testing.assert_allclose(pairs.probabilities(np.full(V, -1), np.arange(V)), pairs.unigram_V)


def test_a_text_of_a_few_tokens_still_has_baselines():
    ids_BT = np.array([[5, 6, 7, 5]])
    measured = baselines.measure(np.array([5, 6], dtype=np.uint16), ids_BT, examples_of("causal_lm", ids_BT), VOCABULARY)
    assert math.isfinite(measured.bigram_nats)


def test_of_a_very_long_text_stretches_from_all_over_it_are_counted(monkeypatch):
    monkeypatch.setattr(bigram_model, "MAX_COUNTED", 2000)
    ids = np.arange(10_000, dtype=np.uint16)
    counted = bigram_model._counted(ids)
    assert len(counted) == 2000
    assert (counted[0], counted[-1]) == (0, 9999)
    assert np.max(np.diff(counted.astype(int))) < 60, "no part is left out"
    np.testing.assert_array_equal(bigram_model._counted(ids[:2000]), ids[:2000])


def test_a_pair_never_seen_is_not_impossible():
    pairs = BigramModel(np.array([7, 5] + [5, 6] * 500), vocabulary_size=V)
    assert (pairs.probabilities(np.array([5, 6]), np.array([7, 6])) > 0).all(), "though all held-back pairs were known"
