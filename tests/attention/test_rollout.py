import numpy as np
import pytest

from ssl_core.attention.rollout import rollout_TT, with_residual_LTT


def test_two_layers_of_one_head_by_hand():
    """(A + I)/2 is [[3/4, 1/4], [0, 1]], then [[1/2, 1/2], [1/2, 1/2]]; the product is worked out on paper."""
    first, second = [[0.5, 0.5], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]
    weights_LHTT = np.array([[first], [second]], dtype=np.float32)
    assert with_residual_LTT(weights_LHTT) == pytest.approx(np.array([[[0.75, 0.25], [0, 1]], [[0.5, 0.5], [0.5, 0.5]]]))
    assert rollout_TT(weights_LHTT) == pytest.approx(np.array([[0.375, 0.625], [0.375, 0.625]]))


def test_the_later_layer_stands_on_the_left():
    """The first layer sends token 0 to place 1, the second place 1 to place 2; nothing of token 0 came round any other way."""
    first, second = np.eye(3), np.eye(3)
    first[1], second[2] = [1, 0, 0], [0, 1, 0]
    found_TT = rollout_TT(np.stack([first, second])[:, None].astype(np.float32))
    assert found_TT[2, 0] == pytest.approx(0.25), "half of a half"
    assert rollout_TT(np.stack([second, first])[:, None].astype(np.float32))[2, 0] == 0.0


def test_heads_are_averaged_and_what_reaches_a_place_adds_up_to_one():
    weights_LHTT = np.random.default_rng(0).dirichlet(np.ones(5), size=(3, 4, 5)).astype(np.float32)
    found_TT = rollout_TT(weights_LHTT)
    assert found_TT.sum(axis=1) == pytest.approx(np.ones(5), abs=1e-6)  # float32 rows
    assert found_TT == pytest.approx(rollout_TT(weights_LHTT.mean(axis=1, keepdims=True)), abs=1e-6)
