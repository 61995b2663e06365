"""A thousand draws against what is expected: the bands against the binomial's, the counts against a count by hand."""

import numpy as np
import pytest

from ssl_core import pretext
from ssl_core.pretext import causal_lm, masked_lm, replaced_token_detection, sampling
from ssl_core.pretext.base import Role, Vocabulary

VOCABULARY = Vocabulary(size=500, special_ids=(0, 1, 2, 3, 4), mask_id=4)
IDS_T = np.array([*range(10, 30), 3])
STARTS_T = np.ones(21, dtype=bool)
OTHERS = (np.arange(100, 142).reshape(2, 21), np.ones((2, 21), dtype=bool))


def drawn(config, seed=0, task=masked_lm, others=OTHERS, starts_T=STARTS_T, **more):
    rng = np.random.default_rng(seed)
    return sampling.draw(task, config, VOCABULARY, (IDS_T, starts_T), others, rng, **more)


def test_the_expected_rates_are_those_of_the_recipe():
    config = masked_lm.Config(mask_rate=0.15, mask_token_rate=0.8, random_token_rate=0.1)
    expected = sampling.expected_roles(masked_lm, config, 20)
    assert expected[Role.HIDDEN] == pytest.approx(0.12)
    assert expected[Role.RANDOMISED] == pytest.approx(0.015)
    assert expected[Role.KEPT_BUT_PREDICTED] == pytest.approx(0.015)


def test_the_band_is_the_binomials_where_tokens_are_chosen_one_by_one():
    found = drawn(masked_lm.Config(mask_rate=0.3)).roles[Role.HIDDEN]
    half = 1.96 * (0.24 * 0.76 / (1000 * 20)) ** 0.5
    # the spread is estimated from 1,000 draws: its standard error is 1 / sqrt(2 * 1000), or 2 %
    assert (found.high - found.low) / 2 == pytest.approx(half, rel=0.1)


def test_whole_words_make_the_band_wider():
    starts_T = np.arange(21) % 4 == 0
    alone, together = (
        drawn(masked_lm.Config(whole_words=each), starts_T=starts_T).roles[Role.HIDDEN] for each in (False, True)
    )
    assert together.high - together.low > 1.2 * (alone.high - alone.low)


def test_nineteen_of_twenty_measurements_lie_in_the_band():
    num_inside = sum(drawn(masked_lm.Config(), seed, num_draws=200).roles[Role.HIDDEN].is_inside for seed in range(200))
    assert 178 <= num_inside <= 200  # 190 expected; four standard deviations are 12


def test_rates_zero_and_one_leave_no_doubt():
    assert not drawn(masked_lm.Config(mask_rate=0.0)).roles
    all_hidden = drawn(masked_lm.Config(mask_rate=1.0, mask_token_rate=1.0, random_token_rate=0.0)).roles[Role.HIDDEN]
    assert (all_hidden.measured, all_hidden.low, all_hidden.high) == (1.0, 1.0, 1.0)


def test_counts_are_those_of_the_text_alone():
    found = drawn(masked_lm.Config(mask_rate=0.5))
    assert found.num_draws == sampling.NUM_DRAWS
    assert found.share_RT.shape == (3, 21)
    assert found.share_RT[:, -1].tolist() == [0, 0, 0], "the closing mark is never chosen"
    by_place = found.share_RT.sum(axis=0)[:-1].mean()
    assert by_place == pytest.approx(sum(each.measured for each in found.roles.values()))
    assert found.asked_N.mean() == pytest.approx(20 * by_place)


def test_a_text_may_stand_alone():
    none = (OTHERS[0][:0], OTHERS[1][:0])
    assert drawn(masked_lm.Config(), others=none).num_draws == sampling.NUM_DRAWS


def test_a_task_that_declares_no_rates_has_a_band_around_what_was_measured():
    found = drawn(causal_lm.Config(), task=causal_lm).roles[Role.KEPT_BUT_PREDICTED]
    assert found.expected is None
    assert found.is_inside


def test_a_single_tokens_band_is_the_binomials():
    low, high = sampling.binomial_band(0.3, 1000)
    assert (low, high) == (pytest.approx(0.3 - 0.0284, abs=1e-4), pytest.approx(0.3 + 0.0284, abs=1e-4))
    assert sampling.binomial_band(0.0, 1000) == (0.0, 0.0)
    assert sampling.binomial_band(1.0, 1000) == (1.0, 1.0)


@pytest.mark.parametrize("key", ["next_sentence", "sentence_order"])
@pytest.mark.parametrize("rate", [0.0, 0.3, 1.0])
def test_declared_classes_are_what_is_drawn(key, rate):
    task = pretext.task(key)
    config = task.Config(**{{"next_sentence": "true_rate", "sentence_order": "swap_rate"}[key]: rate})
    ends_V = np.arange(500) == 9
    vocabulary = Vocabulary(size=500, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=ends_V)
    ids_T = np.array([3, *range(10, 15), 9, *range(20, 25), 9, 3, *range(30, 38), 9])
    others = np.stack([np.where(ids_T > 9, ids_T + 100 * each, ids_T) for each in (1, 2, 3)])
    starts = np.ones(len(ids_T), dtype=bool)
    found = sampling.draw(
        task, config, vocabulary, (ids_T, starts), (others, np.ones(others.shape, dtype=bool)), np.random.default_rng(0)
    )
    assert found.classes[1].expected == rate
    # a stranger of the same document is none: about one in several hundred rows finds no other and stays true
    assert found.classes[1].measured == pytest.approx(rate, abs=0.05)


def test_detection_hides_the_share_it_declares():
    found = drawn(replaced_token_detection.Config(mask_rate=0.4), task=replaced_token_detection).roles[Role.HIDDEN]
    assert found.expected == 0.4
    assert found.measured == pytest.approx(0.4, abs=4 * (0.4 * 0.6 / 20_000) ** 0.5)  # four standard errors
