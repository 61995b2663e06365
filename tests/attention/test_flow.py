import networkx
import numpy as np
import pytest

from ssl_core.attention.flow import flow_T
from ssl_core.attention.rollout import with_residual_LTT


def weights_LHTT(L, T, *, looks_back, seed=0):
    scores = np.random.default_rng(seed).normal(size=(L, 2, T, T)) * 2
    if looks_back:
        scores = np.where(np.tril(np.ones((T, T))) > 0, scores, -np.inf)
    shares = np.exp(scores)
    return (shares / shares.sum(axis=-1, keepdims=True)).astype(np.float32)


def by_networkx(weights, place):
    pipes_LTT = with_residual_LTT(weights)
    L, T, _ = pipes_LTT.shape
    graph = networkx.DiGraph()
    for layer in range(L):
        for above in range(T):
            for below in range(T):
                graph.add_edge((layer + 1, above), (layer, below), capacity=pipes_LTT[layer, above, below])
    return [networkx.maximum_flow_value(graph, (L, place), (0, token)) for token in range(T)]


@pytest.mark.parametrize("looks_back", [False, True])
@pytest.mark.parametrize(("L", "T", "place"), [(1, 4, 0), (2, 5, 4), (4, 7, 3)])
def test_the_flow_is_that_of_networkx(L, T, place, looks_back):
    weights = weights_LHTT(L, T, looks_back=looks_back)
    # whole numbers of 2**-30 a pipe
    assert flow_T(weights, place) == pytest.approx(by_networkx(weights, place), abs=1e-6)


def test_the_narrowest_cut_by_hand():
    """Place 1 looks at token 0 with 0.4 in both layers: pipes of 0.2 across, 0.8 down, and 1 down at token 0.

    To token 0 lead (across, down) and (down, across), 0.2 each; to token 1 only straight down: 0.8.
    """
    layer = [[1.0, 0.0], [0.4, 0.6]]
    assert flow_T(np.array([[layer], [layer]], dtype=np.float32), 1) == pytest.approx([0.4, 0.8], abs=1e-6)


def test_one_layer_lets_through_what_it_looks_at():
    weights = weights_LHTT(1, 6, looks_back=False)
    assert flow_T(weights, 2) == pytest.approx(with_residual_LTT(weights)[0, 2], abs=1e-8)


def test_where_tokens_look_back_only_the_first_ones_get_more_whatever_they_say():
    """Everybody looks at all before it alike, so that nothing but the place of a token can tell."""
    row = np.tril(np.ones((6, 6)))
    found = flow_T(np.broadcast_to(row / row.sum(axis=1, keepdims=True), (4, 1, 6, 6)).astype(np.float32), 5)
    assert (np.diff(found[:5]) < 0).all()
