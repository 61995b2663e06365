"""Against every clean text, every choice of tokens and every fate of each, enumerated; rounding only, so 1e-12 nats."""

import math
from itertools import product

import numpy as np
import pytest

from ssl_core.corpora.tinyworld.corrupted import choosing_words
from ssl_core.corpora.tinyworld.corrupted_floor import masked_nats, replaced_nats
from ssl_core.corpora.tinyworld.spelled import spelled, word_starts
from ssl_core.pretext.base import IGNORED, Corruption, Vocabulary
from tests.corpora.tinyworld import by_hand

EXACT = 1e-12
T = 4
HAND = by_hand.machine()
MASK = len(by_hand.WORDS)
SPELLINGS = {word: [number] for number, word in enumerate(by_hand.WORDS)}
VOCABULARY = Vocabulary(size=MASK + 1, special_ids=(0, MASK), mask_id=MASK)
TOKENS = spelled(HAND, SPELLINGS.__getitem__, VOCABULARY.size)

PIECES = {**SPELLINGS, "anna": [1, 5, 1], "ben": [2, 5], "sleeps": [6, 5]}  # words of several pieces, which they share
SPELLED, STARTS_S = spelled(HAND, PIECES.__getitem__, VOCABULARY.size), word_starts(HAND, PIECES.__getitem__)

RATES = {
    "bert": (0.3, 0.8, 0.1),
    "much noise": (0.6, 0.3, 0.5),
    "noise only": (0.4, 0.0, 1.0),
    "no noise": (0.4, 0.8, 0.0),
    "masks only": (0.5, 1.0, 0.0),
    "all are chosen": (1.0, 0.5, 0.3),
}


def corruption(rates, **rest):
    chosen, hidden, random = RATES[rates]
    return Corruption(chosen_rate=chosen, hidden_rate=hidden, random_rate=random, **rest)


def corrupt(clean_BT, word_BT, how, seed=0):
    """Draw examples as masked language modelling does, by the letter of its definition."""
    rng, seen_BT, chosen_BT = np.random.default_rng(seed), clean_BT.copy(), np.zeros(clean_BT.shape, dtype=bool)
    random_V = np.full(VOCABULARY.size, 1 / VOCABULARY.size) if how.random_V is None else how.random_V
    for b in range(len(clean_BT)):
        draws = rng.random(T)
        for t in range(T):
            chosen_BT[b, t] = clean_BT[b, t] not in VOCABULARY.special_ids and draws[word_BT[b, t]] < how.chosen_rate
            fate = rng.random()
            if chosen_BT[b, t] and fate < how.hidden_rate:
                seen_BT[b, t] = MASK
            elif chosen_BT[b, t] and fate < how.hidden_rate + how.random_rate:
                seen_BT[b, t] = rng.choice(VOCABULARY.size, p=random_V)
    return seen_BT, chosen_BT


def everything(clean, words, how):
    """Yield every choice of tokens for one clean text: (probability of the choice, p(seen token | choice) per position)."""
    groups = sorted(set(words))
    for choice in product((False, True), repeat=len(groups)):
        chosen = dict(zip(groups, choice, strict=True))
        share = math.prod(how.chosen_rate if chosen[group] else 1 - how.chosen_rate for group in groups)
        yield share, [chosen[group] and token not in VOCABULARY.special_ids for group, token in zip(words, clean, strict=True)]


def likelihood(seen, token, is_chosen, how):
    if not is_chosen:
        return float(seen == token)
    random_share = 1 / VOCABULARY.size if how.random_V is None else how.random_V[seen]
    return how.hidden_rate * (seen == MASK) + how.random_rate * random_share + how.kept_rate * (seen == token)


def posterior(texts, seen, place, how):
    """p(clean token at ``place`` | all that is seen, and that it was chosen), from all there is."""
    totals = np.zeros(VOCABULARY.size)
    for (clean, words), p in texts.items():
        for share, chosen in everything(clean, words, how):
            if chosen[place]:
                each = (likelihood(*all_of, how) for all_of in zip(seen, clean, chosen, strict=True))
                totals[clean[place]] += p * share * math.prod(each)
    return totals / totals.sum()


def texts_with_words(machine, starts_S=None):
    """Every text of T tokens, with the position at which the word of each token begins."""
    found = {}
    for path, p in by_hand.paths(machine, T):
        words, begin = [], 0
        for t, state in enumerate(path):
            begin = t if starts_S is None or starts_S[state] else begin
            words.append(begin)
        key = tuple(int(machine.token_S[state]) for state in path), tuple(words)
        found[key] = found.get(key, 0.0) + p
    return found


def drawn(texts, count, how, seed=0):
    keys, shares = list(texts), np.array(list(texts.values()))
    picked = [keys[each] for each in np.random.default_rng(seed).choice(len(keys), count, p=shares / shares.sum())]
    clean_BT, word_BT = (np.array([each[part] for each in picked]) for part in (0, 1))
    return clean_BT, *corrupt(clean_BT, word_BT, how, seed)


@pytest.mark.parametrize("rates", RATES)
def test_masked_tokens_cost_what_every_text_and_every_corruption_say(rates):
    how, texts = corruption(rates), texts_with_words(TOKENS)
    clean_BT, seen_BT, chosen_BT = drawn(texts, 12, how)
    nats_BT = masked_nats(TOKENS, seen_BT, np.where(chosen_BT, clean_BT, IGNORED), how, VOCABULARY)
    np.testing.assert_array_equal(np.isnan(nats_BT), ~chosen_BT)
    for b, t in np.argwhere(chosen_BT):
        expected = -math.log(posterior(texts, seen_BT[b], t, how)[clean_BT[b, t]])
        assert nats_BT[b, t] == pytest.approx(expected, abs=EXACT), (seen_BT[b], t)


@pytest.mark.parametrize("rates", ["bert", "much noise", "no noise", "masks only", "all are chosen"])
def test_words_hidden_as_a_whole_tell_where_words_begin(rates):
    how, texts = corruption(rates, whole_words=True), texts_with_words(SPELLED, STARTS_S)
    clean_BT, seen_BT, chosen_BT = drawn(texts, 12, how)
    nats_BT = masked_nats(SPELLED, seen_BT, np.where(chosen_BT, clean_BT, IGNORED), how, VOCABULARY, STARTS_S)
    for b, t in np.argwhere(chosen_BT):
        expected = -math.log(posterior(texts, seen_BT[b], t, how)[clean_BT[b, t]])
        assert nats_BT[b, t] == pytest.approx(expected, abs=EXACT), (seen_BT[b], t)


def test_whole_words_of_one_token_each_are_single_tokens():
    how = corruption("bert")
    clean_BT, seen_BT, chosen_BT = drawn(texts_with_words(TOKENS), 20, how)
    target_BT = np.where(chosen_BT, clean_BT, IGNORED)
    by_word = Corruption(chosen_rate=0.3, hidden_rate=0.8, random_rate=0.1, whole_words=True)
    all_start_S = np.ones(TOKENS.num_states, dtype=bool)
    np.testing.assert_array_equal(
        masked_nats(TOKENS, seen_BT, target_BT, by_word, VOCABULARY, all_start_S),
        masked_nats(TOKENS, seen_BT, target_BT, how, VOCABULARY),
    )


@pytest.mark.parametrize("seed", range(3))
def test_replaced_tokens_cost_what_every_text_and_every_corruption_say(seed):
    random_V = np.random.default_rng(seed).dirichlet(np.ones(VOCABULARY.size))
    how = Corruption(chosen_rate=0.4, hidden_rate=0.0, random_rate=1.0, random_V=random_V)
    texts = texts_with_words(TOKENS)
    clean_BT, seen_BT, _chosen_BT = drawn(texts, 10, how, seed)
    is_replaced_BT = seen_BT != clean_BT
    assert is_replaced_BT.any()
    nats_BT = replaced_nats(TOKENS, seen_BT, is_replaced_BT, how, VOCABULARY)
    for b, seen in enumerate(seen_BT.tolist()):
        same_T, total = np.zeros(T), 0.0
        for (clean, words), p in texts.items():
            for share, chosen in everything(clean, words, how):
                weight = p * share * math.prod(likelihood(*each, how) for each in zip(seen, clean, chosen, strict=True))
                same_T += weight * (np.array(clean) == seen)
                total += weight
        said_T = np.where(is_replaced_BT[b], 1 - same_T / total, same_T / total)
        np.testing.assert_allclose(nats_BT[b], -np.log(said_T), atol=1e-11)  # the oracle subtracts from 1


def test_a_text_seen_without_noise_is_read_alike_by_both_kinds_of_messages():
    how, hardly = corruption("masks only"), Corruption(chosen_rate=0.5, hidden_rate=1.0 - 1e-13, random_rate=1e-13)
    clean_BT, seen_BT, chosen_BT = drawn(texts_with_words(TOKENS), 40, how)
    target_BT = np.where(chosen_BT, clean_BT, IGNORED)
    without, with_noise = (masked_nats(TOKENS, seen_BT, target_BT, each, VOCABULARY) for each in (how, hardly))
    np.testing.assert_allclose(without, with_noise, atol=1e-9)  # a noise of 1e-13 changes a little


def test_the_machine_that_chooses_words_says_the_same_texts():
    chosen = choosing_words(SPELLED, STARTS_S, 0.3)
    V, texts = VOCABULARY.size, {}
    for text, p in by_hand.texts(chosen, T).items():
        clean = tuple(token % V for token in text)
        texts[clean] = texts.get(clean, 0.0) + p
    assert texts == pytest.approx(by_hand.texts(SPELLED, T), abs=1e-14)
    is_chosen_S = chosen.token_S >= V
    inside = 1 - chosen.stationary_S[chosen.separator]
    assert chosen.stationary_S[is_chosen_S].sum() == pytest.approx(0.3 * inside, abs=1e-13)
