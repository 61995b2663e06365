import pytest
import torch

from ssl_core.attention.anatomy import anatomy
from ssl_core.attention.recording import SELF, record
from ssl_core.attention.value_weighted import layer_norms_BTS, norms_BHTS, written_BHSD
from tests.attention.networks import TAKEN_APART, ids, network


def test_two_heads_and_two_tokens_by_hand():
    """Values 3 and 0 in one head, 4 and 1 in the other; the output matrix puts the heads on two axes and adds a bias."""
    value_BHSK = torch.tensor([[[[3.0], [0.0]], [[4.0], [1.0]]]])
    weights_BHTS = torch.tensor([[[[1.0, 0.0], [0.5, 0.5]], [[1.0, 0.0], [0.5, 0.5]]]])
    written = written_BHSD(value_BHSK, lambda mixed: mixed @ torch.eye(2) + torch.tensor([7.0, 9.0]))
    assert written.tolist() == [[[[3, 0], [0, 0]], [[0, 4], [0, 1]]]]
    assert norms_BHTS(weights_BHTS, written)[0, :, 1].tolist() == [[1.5, 0.0], [2.0, 0.5]]
    assert layer_norms_BTS(weights_BHTS, written)[0].tolist() == [[5.0, 0.0], [2.5, 0.5]], "3, 4, 5"


@pytest.mark.parametrize("family", TAKEN_APART)
def test_the_summands_add_up_to_what_the_layer_adds(family):
    model, ids_T = network(family), ids()
    projections = anatomy(model, ids_T).projections
    given = []
    hooks = [each.register_forward_hook(lambda _m, _a, found: given.append(found)) for each in set(projections)]
    with torch.no_grad():
        layers = record(model, torch.tensor([ids_T])).layers[SELF]
        for hook in hooks:
            hook.remove()
        for layer, project, added_BTD in zip(layers, projections, given, strict=True):
            written = written_BHSD(layer.value_BHSK, project)
            bias_D = project(torch.zeros(written.shape[1] * layer.value_BHSK.shape[-1]))
            total_BTD = torch.einsum("bhts,bhsd->btd", layer.weights_BHTS, written) + bias_D
            torch.testing.assert_close(total_BTD, added_BTD, atol=1e-4, rtol=1e-4)  # many sums of float32


def test_norms_are_those_of_a_plain_double_loop():
    generator = torch.Generator().manual_seed(0)
    weights_BHTS = torch.rand(1, 2, 3, 3, generator=generator)
    written = torch.randn(1, 2, 3, 4, generator=generator)
    for t in range(3):
        for s in range(3):
            each = [weights_BHTS[0, h, t, s] * written[0, h, s] for h in range(2)]
            assert norms_BHTS(weights_BHTS, written)[0, :, t, s].tolist() == pytest.approx([float(v.norm()) for v in each])
            assert float(layer_norms_BTS(weights_BHTS, written)[0, t, s]) == pytest.approx(float((each[0] + each[1]).norm()))
