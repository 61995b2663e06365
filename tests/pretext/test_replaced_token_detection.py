import numpy as np
import pytest

from ssl_core.models.sizes import SIZES
from ssl_core.pretext import replaced_token_detection as rtd
from ssl_core.pretext.base import IGNORED, Role, Vocabulary

VOCABULARY = Vocabulary(size=100, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def examples_of(num_rows=4, num_tokens=32, seed=0, **settings):
    ids_BT = np.random.default_rng(99).integers(5, 100, (num_rows, num_tokens))
    ids_BT[:, -1] = VOCABULARY.sep_id
    made = rtd.make_examples(ids_BT, np.random.default_rng(seed), rtd.Config(**settings), VOCABULARY)
    return ids_BT, made


def test_the_generator_sees_gaps_and_must_restore_the_text():
    ids_BT, examples = examples_of(mask_rate=0.3)
    is_hidden_BT = examples.seen_ids_BT == VOCABULARY.mask_id
    assert (examples.is_predicted_BT == is_hidden_BT).all()
    restored_BT = np.where(is_hidden_BT, examples.target_ids_BT, examples.seen_ids_BT)
    assert (restored_BT == ids_BT).all()
    assert (examples.roles_BT[is_hidden_BT] == Role.HIDDEN).all()


def test_as_many_tokens_are_hidden_as_the_rate_says():
    _, examples = examples_of(num_rows=200, num_tokens=201, mask_rate=0.15)
    share = examples.is_predicted_BT[:, :-1].mean()
    # 40,000 draws at 0.15 have a standard error of 0.0018; four of them
    assert share == pytest.approx(0.15, abs=0.0072)
    assert rtd.expected_roles(rtd.Config(mask_rate=0.15), 200) == {Role.HIDDEN: 0.15}


@pytest.mark.parametrize(("rate", "share"), [(0.0, 0.0), (1.0, 1.0)])
def test_the_extreme_rates_hide_nothing_or_all_but_special_tokens(rate, share):
    ids_BT, examples = examples_of(mask_rate=rate)
    assert examples.is_predicted_BT[:, :-1].mean() == share
    assert (examples.seen_ids_BT[:, -1] == ids_BT[:, -1]).all(), "special tokens are never hidden"
    assert examples.asks_anything == bool(share)


def test_the_steps_end_with_a_guess_in_each_gap_and_only_wrong_ones_count_as_replaced():
    ids_BT, examples = examples_of(mask_rate=0.5)
    clean, chosen, hidden, filled, told = examples.steps
    is_hidden_BT = examples.is_predicted_BT
    assert (clean.ids_BT == ids_BT).all()
    assert (chosen.roles_BT[is_hidden_BT] == Role.KEPT_BUT_PREDICTED).all()
    assert (hidden.ids_BT == examples.seen_ids_BT).all()
    assert not np.isin(filled.ids_BT[is_hidden_BT], VOCABULARY.special_ids).any()
    is_replaced_BT = told.ids_BT != ids_BT
    assert is_replaced_BT.any()
    assert ((told.roles_BT == Role.REPLACED) == is_replaced_BT).all()


def test_a_guess_that_is_right_is_no_replacement():
    ids_BT = np.full((2, 8), 7)  # the stand-in can only write the one token there is
    examples = rtd.make_examples(ids_BT, np.random.default_rng(0), rtd.Config(mask_rate=1.0), VOCABULARY)
    assert (examples.steps[-2].roles_BT == Role.RANDOMISED).all()
    assert (examples.steps[-1].roles_BT == Role.KEPT).all()


@pytest.mark.parametrize("row", [[7], [3], [7, 3], [3, 3, 3]])
def test_very_short_rows_and_rows_of_special_tokens_are_examples_too(row):
    examples = rtd.make_examples(np.array([row]), np.random.default_rng(0), rtd.Config(mask_rate=1.0), VOCABULARY)
    assert examples.seen_ids_BT.shape == (1, len(row))
    assert (examples.target_ids_BT[0] != IGNORED).tolist() == [token == 7 for token in row]


def test_the_generator_comes_in_the_sizes_that_there_are():
    assert set(rtd.GENERATOR_SIZES) == set(SIZES)
