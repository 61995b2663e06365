from collections import Counter

import numpy as np
from scipy import stats

from ssl_core.pretext.rows import packed, segment_lengths, shifted


def test_rows_are_packed_to_the_left_and_filled_up_to_the_longest():
    values, is_there = np.array([[1, 2, 3], [4, 5, 6]]), np.array([[True, False, True], [False, True, False]])
    assert packed(values, is_there, 0).tolist() == [[1, 3], [5, 0]]


def test_nothing_leaves_one_column_of_filling():
    assert packed(np.zeros((2, 3), dtype=np.int64), np.zeros((2, 3), dtype=np.bool_), 9).tolist() == [[9], [9]]


def test_every_way_of_cutting_five_items_into_three_is_equally_likely():
    rng = np.random.default_rng(0)
    seen = Counter(tuple(segment_lengths(rng, 5, 3).tolist()) for _ in range(3_000))
    assert set(seen) == {(a, b, 5 - a - b) for a in (1, 2, 3) for b in (1, 2, 3) if 5 - a - b >= 1}
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


def test_a_decoder_has_read_a_start_token_and_all_before():
    assert shifted(np.array([[5, 6, 7], [8, 9, 0]]), 2).tolist() == [[2, 5, 6], [2, 8, 9]]
