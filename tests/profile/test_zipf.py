"""The line through frequencies: found again where the frequencies lie on one."""

import numpy as np
import pytest

from ssl_core.profile import zipf


@pytest.mark.parametrize("exponent", [0.6, 1.0, 1.4])
def test_the_exponent_of_an_exact_power_law_is_found(exponent):
    count_R = np.round(1e9 * np.arange(1, 3001, dtype=float) ** -exponent).astype(np.int64)
    found = zipf.fit(count_R)
    assert found.exponent == pytest.approx(exponent, abs=1e-4)  # counts are whole numbers
    assert found.count(100) == pytest.approx(count_R[99], rel=1e-3)
    assert (found.first_rank, found.last_rank) == (10, 1000)


def test_the_line_is_that_of_least_squares_on_logarithms():
    count_R = np.array([round(5000 / rank + (7 * rank) % 5) for rank in range(1, 401)], dtype=np.int64)
    count_R[::-1].sort()
    found = zipf.fit(count_R)
    ranks = np.unique(np.geomspace(10, found.last_rank, 60).round().astype(int))
    x, y = np.log(ranks), np.log(count_R[ranks - 1])
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()  # the textbook's closed form
    assert found.exponent == pytest.approx(-slope)
    assert np.log(found.factor) == pytest.approx(y.mean() - slope * x.mean())


def test_words_that_occur_once_are_no_part_of_the_line():
    assert zipf.fit(np.array([90 - n for n in range(60)] + [1] * 5000)).last_rank == 60


@pytest.mark.parametrize("count_R", [[], [5], [9] * 20, [1] * 5000])
def test_too_few_words_make_no_line(count_R):
    assert zipf.fit(np.array(count_R, dtype=np.int64)) is None


def test_places_begin_at_the_first_rank_and_end_at_the_last():
    places = zipf.places(30_000)
    assert (places[0], places[-1]) == (1, 30_000)
    assert list(places[:5]) == [1, 2, 3, 4, 5]
    assert len(places) <= 90
    assert len(zipf.places(0)) == 0
    assert list(zipf.places(1)) == [1]
