"""Against every stretch of text that a small grammar can make; rounding only, so 1e-12."""

import math

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import sentence_pairs
from tests.corpora.tinyworld import by_hand

EXACT = 1e-12
HAND = by_hand.machine()
MARKS = (by_hand.MARK,)
PAIRS = [
    ("anna sleeps .", "she sees ben ."),
    ("anna sleeps .", "he sees anna ."),
    ("anna fish .", "she is sad ."),
    ("she sees ben .", "she is glad ."),
    ("she sees fish .", "she eats fish ."),
    ("he eats fish .", "he is glad ."),
]


def ids(text):
    return tuple(by_hand.WORDS.index(word) for word in text.split())


def sentence_probability(text, *, openings=True, goes_on=False):
    """p(a stretch of text | it begins a sentence), from all stretches one token longer on either side."""
    found = total = 0.0
    for stretch, p in by_hand.texts(HAND, len(text) + 2).items():
        begins = stretch[0] == by_hand.MARK or (openings and stretch[0] == by_hand.SEPARATOR)
        if not begins or stretch[1] == by_hand.SEPARATOR:
            continue
        total += p
        if stretch[1:-1] == text and not (goes_on and stretch[-1] == by_hand.SEPARATOR):
            found += p
    return found / total


def test_a_sentence_begins_after_a_mark_or_with_a_story():
    starts_S = sentence_pairs.sentence_starts(HAND, MARKS)
    words = np.bincount(HAND.token_S, weights=starts_S, minlength=len(HAND.words))
    for word in range(len(HAND.words)):
        assert words[word] == pytest.approx(sentence_probability((word,)), abs=EXACT), HAND.words[word]
    inner_S = sentence_pairs.sentence_starts(HAND, MARKS, openings=False)
    assert set(HAND.token_S[inner_S > 0].tolist()) == set(ids("she he"))


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_odds_that_a_sentence_follows_are_those_of_all_stretches_of_text(first, second):
    first_S = sentence_pairs.sentence_starts(HAND, MARKS)
    second_S = sentence_pairs.sentence_starts(HAND, MARKS, openings=False)
    found = sentence_pairs.follows_log_odds(HAND, [ids(first)], [ids(second)], first_S, second_S)[0]
    together = sentence_probability(ids(first) + ids(second)) / sentence_probability(ids(first), goes_on=True)
    elsewhere = sentence_probability(ids(second), openings=False)
    expected = math.log(together / elsewhere) if together else -math.inf
    assert found == pytest.approx(expected, abs=1e-11)  # the oracle sums thousands of stretches


def test_pairs_of_any_length_are_judged_together_as_alone():
    first, second = ([ids(text) for text in side] for side in zip(*PAIRS, strict=True))
    starts_S = sentence_pairs.sentence_starts(HAND, MARKS)
    together = sentence_pairs.follows_log_odds(HAND, first, second, starts_S, starts_S)
    alone = [sentence_pairs.follows_log_odds(HAND, [a], [b], starts_S, starts_S)[0] for a, b in zip(first, second, strict=True)]
    np.testing.assert_allclose(together, alone, atol=EXACT)


@pytest.mark.parametrize(("first", "second"), [("she eats fish .", "she sees ben ."), ("anna sleeps .", "she sees ben .")])
def test_the_odds_of_an_order_are_those_of_all_stretches_of_text(first, second):
    starts_S = sentence_pairs.sentence_starts(HAND, MARKS)
    found = sentence_pairs.order_log_odds(HAND, [ids(first)], [ids(second)], starts_S)[0]
    as_given, swapped = (sentence_probability(text) for text in (ids(first) + ids(second), ids(second) + ids(first)))
    assert found == pytest.approx(math.log(as_given / swapped) if swapped else math.inf, abs=1e-11)


def test_an_answer_costs_what_its_odds_say():
    log_odds_P, is_true_P = np.log([4.0, 4.0, 0.25, 1.0]), np.array([True, False, False, True])
    nats_P, is_right_P = sentence_pairs.answers(log_odds_P, is_true_P)
    np.testing.assert_allclose(np.exp(-nats_P), [0.8, 0.2, 0.8, 0.5], atol=EXACT)
    assert is_right_P.tolist() == [1.0, 0.0, 1.0, 0.5]
    nats_P, is_right_P = sentence_pairs.answers(log_odds_P, is_true_P, true_rate=0.1)  # odds of 1 to 9 before looking
    np.testing.assert_allclose(np.exp(-nats_P), [4 / 13, 9 / 13, 36 / 37, 0.1], atol=EXACT)
    assert is_right_P.tolist() == [0.0, 1.0, 1.0, 0.0]
