import numpy as np
import pytest
import torch

from ssl_core.attention import asking
from ssl_core.attention.asking import Asked
from ssl_core.attention.leave_one_out import agreement, leave_one_out_T
from tests.attention.networks import ids, network


@pytest.mark.parametrize(("family", "stand_in_id"), [("bert", 4), ("gpt2", 1)])
def test_each_token_is_covered_alone(family, stand_in_id, monkeypatch):
    monkeypatch.setattr(asking, "TOKENS_AT_ONCE", 30)  # three rows at once
    model, ids_T = network(family), ids()
    ids_T[2] = stand_in_id
    one = Asked(ids_T=tuple(ids_T), place=len(ids_T) - 1, target_id=9, stand_in_id=stand_in_id)
    found_T = leave_one_out_T(model, one)
    with torch.no_grad():
        for token in range(len(ids_T)):
            without = [stand_in_id if number == token else each for number, each in enumerate(ids_T)]
            full, left = (model(torch.tensor([each])).logits[0, -1].log_softmax(-1)[9] for each in (ids_T, without))
            assert found_T[token] == pytest.approx(float(full - left), abs=1e-5)
    assert found_T[2] == pytest.approx(0.0, abs=1e-6), "the stand-in stands there anyway"
    assert one.is_told_T[1:4] == [True, False, True]


def test_agreement_by_hand():
    """Of the six pairs of (1, 2, 3, 4) and (1, 3, 2, 4) five are in the same order: (5 - 1) / 6; ranks differ by 1 twice."""
    found = agreement(np.array([1.0, 2, 3, 4]), np.array([10.0, 30, 20, 40]))
    assert found.kendall == pytest.approx(4 / 6)
    assert found.spearman == pytest.approx(1 - 6 * 2 / (4 * 15))


@pytest.mark.parametrize("scores", [[1.0, 1.0, 1.0], [1.0, 2.0]])
def test_where_nothing_differs_or_little_is_there_nothing_agrees(scores):
    found = agreement(np.array(scores), np.arange(len(scores), dtype=float))
    assert (found.kendall, found.spearman) == (None, None)
