import numpy as np

from ssl_core.pretext.base import IGNORED, Role, Vocabulary
from ssl_core.pretext.causal_lm import Config, make_examples

VOCABULARY = Vocabulary(size=64, special_ids=(0, 1, 2, 3, 4), mask_id=4)


def test_each_answer_is_the_next_token_and_the_last_has_none():
    made = make_examples(np.array([[7, 8, 3, 9]]), np.random.default_rng(0), Config(), VOCABULARY)
    assert made.seen_ids_BT.tolist() == [[7, 8, 3, 9]]
    assert made.target_ids_BT.tolist() == [[8, 3, 9, IGNORED]]
    assert made.is_predicted_BT.tolist() == [[True, True, True, False]]
    assert made.attention == "causal"


def test_special_tokens_keep_their_role():
    made = make_examples(np.array([[7, 3, 8]]), np.random.default_rng(0), Config(), VOCABULARY)
    assert made.roles_BT.tolist() == [[Role.KEPT_BUT_PREDICTED, Role.SPECIAL, Role.KEPT]]


def test_nothing_is_drawn():
    rng = np.random.default_rng(3)
    make_examples(np.array([[7, 8, 9]]), rng, Config(), VOCABULARY)
    assert rng.integers(1 << 30) == np.random.default_rng(3).integers(1 << 30)


def test_one_token_has_no_answer():
    made = make_examples(np.array([[7]]), np.random.default_rng(0), Config(), VOCABULARY)
    assert not made.is_predicted_BT.any()
