import numpy as np
import pytest
import torch

from ssl_core.attention import explaining, flow, rollout
from ssl_core.attention.asking import Asked
from ssl_core.errors import UserError
from tests.attention.networks import TAKEN_APART, ids, network

MASK_ID = 4


def asked(place=3):
    ids_T = ids(12)
    ids_T[place] = MASK_ID
    return Asked(ids_T=tuple(ids_T), place=place, target_id=9, stand_in_id=MASK_ID)


@pytest.mark.parametrize("family", TAKEN_APART)
def test_every_method_has_a_score_for_every_token(family):
    explained = explaining.explain(network(family), asked())
    assert list(explained.scores) == [method.key for method in explaining.METHODS]
    for key, scores_T in explained.scores.items():
        assert scores_T.shape == (12,), key
        assert np.isfinite(scores_T).all(), key
    for key in ("attention", "rollout", "flow", "value_weighted"):
        assert (explained.scores[key] >= 0).all(), key


def test_attention_is_read_at_the_place_of_the_prediction():
    model, one = network("bert"), asked()
    model.set_attn_implementation("eager")
    with torch.no_grad():
        weights_LHTT = torch.stack(model(torch.tensor([one.ids_T]), output_attentions=True).attentions)[:, 0].numpy()
    found = explaining.from_attention(model, one)
    assert found["attention"] == pytest.approx(weights_LHTT[-1].mean(axis=0)[one.place], abs=1e-6)
    assert found["rollout"] == pytest.approx(rollout.rollout_TT(weights_LHTT)[one.place], abs=1e-6)
    assert found["flow"] == pytest.approx(flow.flow_T(weights_LHTT, one.place), abs=1e-6)


def test_only_tokens_that_can_reach_the_place_are_compared():
    """Two layers with a window of two on each side bring nothing from five tokens away; the blank itself tells nothing."""
    one = asked(place=6)
    model = network("modernbert", local_attention=4)
    explained = explaining.explain(model, one)
    assert explaining.is_compared_T(explained, one).tolist() == [0 < abs(token - 6) <= 4 for token in range(12)]
    agreements = explaining.agreements(explained, one)
    assert agreements["attention"]["signed"] is None
    for each in agreements.values():
        assert -1 <= each["size"].kendall <= 1


def test_where_there_is_one_token_all_is_its_doing():
    one = Asked(ids_T=(7,), place=0, target_id=11, stand_in_id=1)
    explained = explaining.explain(network("gpt2"), one)
    for key in ("attention", "rollout", "flow"):
        assert explained.scores[key] == pytest.approx([1.0]), key
    # one token covered is the whole baseline, so that integrated gradients and leaving out are the same
    assert explained.scores["integrated_gradients"][0] == pytest.approx(explained.change_T[0], abs=1e-4)
    assert explaining.agreements(explained, one)["rollout"]["size"].kendall is None


def test_xlnet_is_refused():
    with pytest.raises(UserError, match="another family"):
        explaining.explain(network("xlnet"), asked())
