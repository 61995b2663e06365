import math

import numpy as np
import pytest

from ssl_core.attention import bootstrap
from ssl_core.attention.bootstrap import interval

STORIES, SIMULATIONS = 60, 300


def test_the_interval_covers_the_truth_about_as_often_as_it_says():
    """Stories differ in how easy they are, so arcs of one story go together; the truth is known because we made it."""
    rng, truth, covered = np.random.default_rng(0), 0.3, 0
    for _ in range(SIMULATIONS):
        totals_S = rng.integers(1, 7, STORIES)
        hits_S = rng.binomial(totals_S, rng.beta(3 * truth, 3 * (1 - truth), STORIES))
        low, high = interval(hits_S, totals_S, rng)
        covered += low <= truth <= high
    # 300 coins of 0.95 land within 0.037 of it (3 standard deviations); percentile intervals are known to be a little narrow
    assert 0.90 <= covered / SIMULATIONS <= 0.987


def test_taking_arcs_for_independent_would_be_too_sure():
    rng = np.random.default_rng(1)
    totals_S, hits_S = np.full(STORIES, 8), np.repeat([8, 0], STORIES // 2)  # a story is hit as a whole or not at all
    low, high = interval(hits_S, totals_S, rng)
    alone_low, alone_high = interval(np.repeat([1, 0], 4 * STORIES), np.ones(8 * STORIES), rng)
    assert (high - low) / (alone_high - alone_low) == pytest.approx(math.sqrt(8), rel=0.1)  # 1/sqrt(n), n smaller by 8


def test_a_higher_level_is_wider():
    rng, hits_S = np.random.default_rng(2), np.arange(40) % 2
    low, high = interval(hits_S, np.ones(40), rng, level=0.8)
    lower, higher = interval(hits_S, np.ones(40), rng, level=0.99)
    assert lower < low < 0.5 < high < higher


def test_texts_with_nothing_to_count_change_nothing():
    hits_S, totals_S = np.arange(30) % 3, np.full(30, 2)
    alone = interval(hits_S, totals_S, np.random.default_rng(3))
    padded = interval(np.append(hits_S, [0] * 50), np.append(totals_S, [0] * 50), np.random.default_rng(3))
    assert alone == padded


def test_with_nothing_at_all_there_is_no_interval():
    assert all(map(math.isnan, interval([], [], np.random.default_rng(0))))
    assert all(map(math.isnan, interval([0.0], [0], np.random.default_rng(0))))


def test_the_same_generator_gives_the_same_interval():
    hits_S = np.arange(20) % 2
    twice = [interval(hits_S, np.ones(20), np.random.default_rng(7)) for _ in range(2)]
    assert twice[0] == twice[1]
    assert bootstrap.LEVEL == 0.95
