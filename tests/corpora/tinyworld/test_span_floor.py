"""Against every clean text, enumerated; rounding only, so 1e-12 nats."""

import math

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import floor
from ssl_core.corpora.tinyworld.span_floor import unseen_nats, unseen_word_nats
from ssl_core.pretext.span_masking import Config, make_examples
from tests.corpora.tinyworld import by_hand
from tests.corpora.tinyworld.test_corrupted_floor import EXACT, SPELLED, STARTS_S, TOKENS, VOCABULARY, T


def texts_with_starts(machine, starts_S):
    """Every text of T tokens, with whether a word begins at each of them."""
    found = {}
    for path, p in by_hand.paths(machine, T):
        key = tuple(int(machine.token_S[state]) for state in path), tuple(bool(starts_S[state]) for state in path)
        found[key] = found.get(key, 0.0) + p
    return found


def drawn(texts, count=12, seed=0):
    """Some texts as (tokens, whether a word begins at each), and unseen places among their ordinary tokens."""
    keys, shares = list(texts), np.array(list(texts.values()))
    rng = np.random.default_rng(seed)
    picked = [keys[each] for each in rng.choice(len(keys), count, p=shares / shares.sum())]
    ids_BT, starts_BT = (np.array([each[part] for each in picked]) for part in (0, 1))
    is_unseen_BT = (rng.random(ids_BT.shape) < 0.6) & ~np.isin(ids_BT, VOCABULARY.special_ids)
    return ids_BT, starts_BT, is_unseen_BT


def cost(texts, ids, is_unseen, place, starts=None):
    """-ln p(token at ``place`` | all that is seen, and where words begin, if told), by going through every text."""
    shares = np.zeros(VOCABULARY.size)
    for (clean, begins), p in texts.items():
        is_same = all(token == true for token, true, hidden in zip(clean, ids, is_unseen, strict=True) if not hidden)
        is_ordinary = not any(token in VOCABULARY.special_ids for token, hidden in zip(clean, is_unseen, strict=True) if hidden)
        if is_same and is_ordinary and (starts is None or begins == tuple(starts)):
            shares[clean[place]] += p
    return -math.log(shares[ids[place]] / shares.sum())


def test_unseen_tokens_cost_what_every_text_says():
    texts = texts_with_starts(TOKENS, np.ones(TOKENS.num_states, dtype=bool))
    ids_BT, _, is_unseen_BT = drawn(texts, 30)
    nats_BT = unseen_nats(TOKENS, ids_BT, is_unseen_BT, VOCABULARY)
    np.testing.assert_array_equal(np.isnan(nats_BT), ~is_unseen_BT)
    for b, t in np.argwhere(is_unseen_BT):
        assert nats_BT[b, t] == pytest.approx(cost(texts, ids_BT[b], is_unseen_BT[b], t), abs=EXACT)


def test_told_where_words_begin_they_cost_what_every_such_text_says():
    texts = texts_with_starts(SPELLED, STARTS_S)
    ids_BT, starts_BT, is_unseen_BT = drawn(texts, 30)
    nats_BT = unseen_word_nats(SPELLED, ids_BT, is_unseen_BT, VOCABULARY, starts_BT, STARTS_S)
    np.testing.assert_array_equal(np.isnan(nats_BT), ~is_unseen_BT)
    for b, t in np.argwhere(is_unseen_BT):
        assert nats_BT[b, t] == pytest.approx(cost(texts, ids_BT[b], is_unseen_BT[b], t, starts_BT[b]), abs=EXACT)


def test_where_the_spans_lie_tells_nothing_of_what_they_hide():
    ids_BT = np.tile(by_hand.some(by_hand.texts(TOKENS, T), 8), (1, 6))
    other_BT = np.where(np.isin(ids_BT, VOCABULARY.special_ids), ids_BT, 1 + ids_BT % (VOCABULARY.size - 2))
    first, second = (
        make_examples(each, np.random.default_rng(0), Config(mask_rate=0.4), VOCABULARY).is_predicted_BT
        for each in (ids_BT, other_BT)
    )
    assert (ids_BT != other_BT).any()
    np.testing.assert_array_equal(first, second)


def test_in_a_drawn_order_it_is_known_that_what_comes_later_is_no_special_token():
    texts = by_hand.texts(TOKENS, T)
    is_ordinary_S = ~np.isin(TOKENS.token_S, VOCABULARY.special_ids)
    ids_BT = by_hand.some(texts, 30)
    rank_BT = np.array([np.random.default_rng(row).permutation(T) for row in range(30)]) - 1
    rank_BT[np.isin(ids_BT, VOCABULARY.special_ids)] = -1
    nats_BT = floor.in_order_nats(TOKENS, ids_BT, rank_BT, may_hide_S=is_ordinary_S)
    for b, t in np.argwhere(rank_BT >= 0):
        is_later = rank_BT[b] >= rank_BT[b, t]
        shares = np.zeros(VOCABULARY.size)
        for text, p in texts.items():
            is_same = all(token == true for token, true, later in zip(text, ids_BT[b], is_later, strict=True) if not later)
            if is_same and not any(
                token in VOCABULARY.special_ids for token, later in zip(text, is_later, strict=True) if later
            ):
                shares[text[t]] += p
        assert nats_BT[b, t] == pytest.approx(-math.log(shares[ids_BT[b, t]] / shares.sum()), abs=EXACT)
