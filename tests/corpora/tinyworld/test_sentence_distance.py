"""Against every stretch of text that a small grammar can make; rounding only, so 1e-12."""

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import sentence_distance, sentence_pairs
from tests.corpora.tinyworld import by_hand

EXACT = 1e-12
HAND = by_hand.machine()
MARKS = (by_hand.MARK,)
PAIRS = [
    ("anna sleeps .", "she sees ben ."),
    ("anna fish .", "she is sad ."),
    ("she sees ben .", "she is glad ."),
    ("she eats fish .", "she eats fish ."),
    ("he is glad .", "he eats fish ."),
    ("anna sleeps .", "he is glad ."),
]
MOST = 2


def ids(text):
    return tuple(by_hand.WORDS.index(word) for word in text.split())


def sentences_of(stretch):
    """Cut a stretch of text into sentences; None if a story ends in it."""
    if by_hand.SEPARATOR in stretch or stretch[-1] != by_hand.MARK:
        return None
    text = " ".join(map(str, stretch)) + " "
    return [tuple(map(int, each.split())) for each in text.split(f" {by_hand.MARK} ") if each]


def by_enumeration(first, second, distance, *, is_inner, openings):
    """p(first, then ``distance`` - 1 sentences, then second | a sentence begins here), from all stretches that read so."""
    found = total = 0.0
    shortest, longest = 3, 4
    for text, p in by_hand.texts(HAND, 2).items():
        begins = text[0] == by_hand.MARK or (openings and text[0] == by_hand.SEPARATOR)
        total += p * (begins and text[1] != by_hand.SEPARATOR)
    between = range(shortest * (distance - 1), longest * (distance - 1) + 1)
    for length in between:
        size = 1 + len(first) + length + len(second) + 1
        for text, p in by_hand.texts(HAND, size).items():
            begins = text[0] == by_hand.MARK or (openings and text[0] == by_hand.SEPARATOR)
            inside, goes_on = text[1:-1], text[-1] != by_hand.SEPARATOR
            if not begins or (is_inner and not goes_on) or inside[: len(first)] != first or inside[-len(second) :] != second:
                continue
            cut = sentences_of(inside)
            found += p * (cut is not None and len(cut) == distance + 1)
    return found / total


@pytest.mark.parametrize("is_inner", [False, True])
@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_two_sentences_are_so_far_apart_as_in_all_stretches_of_text(first, second, is_inner):
    first, second, openings = ids(first), ids(second), not is_inner
    first_S = sentence_pairs.sentence_starts(HAND, MARKS, openings=openings)
    found = sentence_distance.distance_probabilities(HAND, [first], [second], first_S, MARKS, is_inner=is_inner, most=MOST)
    expected = [by_enumeration(first, second, k, is_inner=is_inner, openings=openings) for k in range(1, MOST + 1)]
    np.testing.assert_allclose(np.resize(np.append(found[0], [0.0] * MOST), MOST), expected, atol=EXACT)


def test_pairs_of_any_length_are_judged_together_as_alone():
    first, second = ([ids(text) for text in side] for side in zip(*PAIRS, strict=True))
    starts_S = sentence_pairs.sentence_starts(HAND, MARKS)
    together = sentence_distance.distance_probabilities(HAND, first, second, starts_S, MARKS, most=5)
    for place, pair in enumerate(zip(first, second, strict=True)):
        alone = sentence_distance.distance_probabilities(HAND, [pair[0]], [pair[1]], starts_S, MARKS, most=5)[0]
        np.testing.assert_allclose(together[place, : len(alone)], alone, atol=EXACT)
        assert not together[place, len(alone) :].any()


def test_at_distance_one_the_odds_of_an_order_are_those_of_reading_both_ways():
    first, second = ([ids(text) for text in side] for side in zip(*PAIRS, strict=True))
    starts_S = sentence_pairs.sentence_starts(HAND, MARKS)
    as_given, swapped = (
        sentence_distance.distance_probabilities(HAND, *pair, starts_S, MARKS, most=1)[:, 0]
        for pair in ((first, second), (second, first))
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        odds, other = np.log(as_given) - np.log(swapped), sentence_pairs.order_log_odds(HAND, first, second, starts_S)
    np.testing.assert_allclose(odds, other, atol=1e-11)  # the other takes logs at every token
