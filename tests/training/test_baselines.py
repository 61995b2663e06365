import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext.base import IGNORED, Vocabulary
from ssl_core.training import baselines

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


def plain_double_loop(train_ids, ids_BT, examples) -> tuple[float, float]:
    """The same definitions, one token at a time: returns the unigram and the bigram loss."""
    train = [int(each) for each in train_ids]
    cut = len(train) - len(train) // 20
    counted, held_back = train[:cut], train[cut:]
    unigram = {token: (counted.count(token) + 0.1) / (len(counted) + 0.1 * V) for token in range(V)}
    after = {token: [b for a, b in itertools.pairwise(counted) if a == token] for token in range(V)}

    def bucket(left):
        return min(int(math.log2(len(after[left]))), 11)

    def pair(left, token):
        return after[left].count(token) / len(after[left])

    weights = dict.fromkeys(range(12), 0.5)
    for _ in range(30):
        credits: dict[int, list[float]] = {}
        for left, token in itertools.pairwise(held_back):
            if after[left]:
                weight = weights[bucket(left)]
                share = weight * pair(left, token)
                credits.setdefault(bucket(left), []).append(share / (share + (1 - weight) * unigram[token]))
        weights |= {key: min(sum(values) / len(values), 0.999) for key, values in credits.items()}

    unigram_losses, bigram_losses = [], []
    for b in range(len(ids_BT)):
        for t in range(ids_BT.shape[1]):
            target = int(examples.target_ids_BT[b, t])
            if target == IGNORED:
                continue
            place = t if examples.attention == "causal" else t - 1
            is_seen = place >= 0 and examples.seen_ids_BT[b, place] == ids_BT[b, place]
            if examples.ranks_BT is not None and place >= 0:  # it must come before in the drawn order
                is_seen = is_seen and examples.ranks_BT[b, place] < examples.ranks_BT[b, t]
            left = int(ids_BT[b, place]) if is_seen else None
            mixed = unigram[target]
            if left is not None and after[left]:
                weight = weights[bucket(left)]
                mixed = weight * pair(left, target) + (1 - weight) * unigram[target]
            unigram_losses.append(-math.log(unigram[target]))
            bigram_losses.append(-math.log(mixed))
    return sum(unigram_losses) / len(unigram_losses), sum(bigram_losses) / len(bigram_losses)


def asks_for_tokens_in_their_place(task: str) -> bool:
    ids_BT = a_text(160, seed=1).astype(np.int64).reshape(8, 20)
    examples = examples_of(task, ids_BT)
    is_as_the_text = examples.seen_ids_BT.shape == ids_BT.shape and examples.decoder_target_ids_BU is None
    return is_as_the_text and examples.asks_tokens


@pytest.mark.parametrize("task", filter(asks_for_tokens_in_their_place, pretext.MENU))
def test_they_equal_a_plain_double_loop(task):
    train_ids, ids_BT = a_text(3000, seed=0), a_text(160, seed=1).astype(np.int64).reshape(8, 20)
    examples = examples_of(task, ids_BT)
    measured = baselines.measure(train_ids, ids_BT, examples, V)
    unigram_nats, bigram_nats = plain_double_loop(train_ids, ids_BT, examples)
    assert measured.uniform_nats == pytest.approx(math.log(V))
    assert measured.unigram_nats == pytest.approx(unigram_nats, abs=1e-9)
    assert measured.bigram_nats == pytest.approx(bigram_nats, abs=1e-9)
    assert measured.num_targets == examples.is_predicted_BT.sum()
    assert measured.bigram_nats < measured.unigram_nats < measured.uniform_nats, "this text is made of pairs"


def test_where_rows_are_laid_out_otherwise_than_the_text_what_stands_in_them_counts():
    vocabulary = replace(VOCABULARY, ends_sentence_V=np.arange(V) == V - 1)
    train_ids, ids_BT = a_text(3000, seed=0), a_text(160, seed=1).astype(np.int64).reshape(8, 20)
    joint = pretext.task("joint")
    examples = joint.make_examples(ids_BT, np.random.default_rng(1), joint.Config(mask_rate=0.4), vocabulary)
    rows_BW = np.where(examples.is_predicted_BT, examples.target_ids_BT, examples.seen_ids_BT)
    assert (rows_BW[:, 0] == vocabulary.cls_id).all(), "two sentences with their marks, and not the text as it was"
    measured = baselines.measure(train_ids, ids_BT, examples, V)
    unigram_nats, bigram_nats = plain_double_loop(train_ids, rows_BW, examples)
    assert measured.unigram_nats == pytest.approx(unigram_nats, abs=1e-9)
    assert measured.bigram_nats == pytest.approx(bigram_nats, abs=1e-9)


def test_probabilities_add_up_to_one_whatever_stands_to_the_left():
    pairs = baselines.PairModel(a_text(500, seed=0), V)
    for left in (-1, *range(V)):  # -1: unknown; 0 to 4 never occur
        total = pairs.probabilities(np.full(V, left), np.arange(V)).sum()
        assert total == pytest.approx(1, abs=1e-12), left


def test_a_hidden_left_neighbour_leaves_word_frequencies():
    pairs = baselines.PairModel(a_text(500, seed=0), V)
    np.testing.assert_allclose(pairs.probabilities(np.full(V, -1), np.arange(V)), pairs.unigram_V)


def test_a_text_of_a_few_tokens_still_has_baselines():
    ids_BT = np.array([[5, 6, 7, 5]])
    measured = baselines.measure(np.array([5, 6], dtype=np.uint16), ids_BT, examples_of("causal_lm", ids_BT), V)
    assert math.isfinite(measured.bigram_nats)


def test_of_a_very_long_text_stretches_from_all_over_it_are_counted(monkeypatch):
    monkeypatch.setattr(baselines, "MAX_COUNTED", 2000)
    ids = np.arange(10_000, dtype=np.uint16)
    counted = baselines._counted(ids)
    assert len(counted) == 2000
    assert (counted[0], counted[-1]) == (0, 9999)
    assert np.max(np.diff(counted.astype(int))) < 60, "no part is left out"
    np.testing.assert_array_equal(baselines._counted(ids[:2000]), ids[:2000])


def test_a_pair_never_seen_is_not_impossible():
    pairs = baselines.PairModel(np.array([7, 5] + [5, 6] * 500), vocabulary_size=V)
    assert (pairs.probabilities(np.array([5, 6]), np.array([7, 6])) > 0).all(), "though all held-back pairs were known"
