import numpy as np
import pytest

from ssl_core.attention.words import between_words, covers_WT, word_places

# "unhappy cat" as [CLS] un happy cat
WEIGHTS_TT = np.array([[0.1, 0.2, 0.3, 0.4], [0.4, 0.3, 0.2, 0.1], [0.0, 0.2, 0.2, 0.6], [0.2, 0.5, 0.1, 0.2]])


def test_a_word_gets_the_sum_and_gives_the_mean_of_its_pieces():
    covers = covers_WT([(0, 7), (8, 11)], [None, (0, 2), (2, 7), (7, 11)])
    assert covers.tolist() == [[False, True, True, False], [False, False, False, True]]
    found_WW = between_words(WEIGHTS_TT[None, None], covers)[0, 0]
    np.testing.assert_allclose(found_WW, [[(0.5 + 0.4) / 2, (0.1 + 0.6) / 2], [0.6, 0.2]])


def test_one_token_a_word_is_the_same_by_both_ways():
    covers = covers_WT([(0, 2), (3, 5), (5, 6)], [None, (0, 2), (2, 5), (5, 6)])
    found_WW = between_words(WEIGHTS_TT[None, None], covers)[0, 0]
    np.testing.assert_array_equal(found_WW, WEIGHTS_TT[1:, 1:])
    split = np.vstack([covers, [True, True, False, False]])  # another word, of two pieces
    np.testing.assert_allclose(between_words(WEIGHTS_TT[None, None], split)[0, 0, :3, :3], found_WW)


def test_a_token_across_two_words_counts_for_both():
    assert covers_WT([(0, 2), (2, 3)], [(0, 3)]).tolist() == [[True], [True]]


def test_words_are_found_in_their_text_whatever_their_capitals():
    assert word_places("Anna is here. Anna rests.", ["anna", "is", "here", ".", "anna", "rests", "."]) == [
        (0, 4), (5, 7), (8, 12), (12, 13), (14, 18), (19, 24), (24, 25),
    ]  # fmt: skip
    assert word_places("小丽在农场里。", ["小丽", "在", "农场", "里", "。"]) == [(0, 2), (2, 3), (3, 5), (5, 6), (6, 7)]


def test_words_of_another_text_are_refused():
    with pytest.raises(AssertionError, match="does not come next"):
        word_places("Anna really rests.", ["anna", "rests"])
