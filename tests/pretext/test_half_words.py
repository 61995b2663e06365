"""Half-hidden words, counted against a plain loop."""

import numpy as np
import pytest

from ssl_core.pretext.half_words import groups, leak, worst


def test_the_leak_is_what_a_plain_loop_counts():
    text = np.random.default_rng(0).integers(0, 4, 500)
    word = [1, 2, 3]
    for place in range(3):
        places = [
            start
            for start in range(len(text) - 2)
            if all(text[start + other] == word[other] for other in range(3) if other != place)
        ]
        same = [start for start in places if text[start + place] == word[place]]
        found = leak(text, word, place)
        assert (found.num_places, found.num_same) == (len(places), len(same))
        assert found.share_same == pytest.approx(len(same) / len(places))
        assert found.share_anywhere == pytest.approx((text == word[place]).mean())


def test_the_worst_leak_is_the_surest():
    text = np.array([1, 2, 3, 9, 1, 2, 3, 9, 1, 5, 3, 9, 1, 2, 3])
    found = worst(text, [1, 2, 3])
    assert found.share_same == 1.0
    assert found.place in (0, 2), "the middle one is sometimes another"


def test_a_word_that_does_not_occur_leaks_nothing():
    found = worst(np.array([7, 7, 7]), [1, 2])
    assert (found.num_places, found.share_same) == (0, 0.0)
    assert worst(np.zeros(0, dtype=np.int64), [1, 2]).share_anywhere == 0.0


def test_pieces_stand_with_their_words():
    starts = np.array([True, True, False, False, True, True])
    is_special = np.array([False, False, False, False, False, True])
    assert groups(starts, is_special) == [(0, 1), (1, 4), (4, 5), (5, 6)]
