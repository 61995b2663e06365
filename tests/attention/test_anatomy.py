import pytest
import torch

from ssl_core.attention.anatomy import anatomy
from ssl_core.attention.recording import SELF, record
from ssl_core.errors import UserError
from tests.attention.networks import TAKEN_APART, ids, network


@pytest.mark.parametrize("family", TAKEN_APART)
def test_what_the_heads_mix_is_what_a_projection_reads(family):
    """Seen from outside: the projection is given the sum of weight times value, heads side by side."""
    model, ids_T = network(family), ids()
    projections = anatomy(model, ids_T).projections
    given = []
    hooks = [each.register_forward_pre_hook(lambda _m, arguments: given.append(arguments[0])) for each in set(projections)]
    with torch.no_grad():
        layers = record(model, torch.tensor([ids_T])).layers[SELF]
    for hook in hooks:
        hook.remove()
    assert len(given) == len(layers) == model.config.num_hidden_layers
    for each, mixed_BTD in zip(layers, given, strict=True):
        expected = torch.einsum("bhts,bhsk->bthk", each.weights_BHTS, each.value_BHSK).flatten(2)
        torch.testing.assert_close(mixed_BTD, expected, atol=1e-5, rtol=1e-5)  # another order of the sums


@pytest.mark.parametrize("family", TAKEN_APART)
def test_a_block_gives_the_hidden_states_of_its_layer(family):
    model, ids_T = network(family), ids()
    blocks, given = anatomy(model, ids_T).blocks, []
    hooks = [
        each.register_forward_hook(lambda _m, _a, found: given.append(found[0] if isinstance(found, tuple) else found))
        for each in set(blocks)
    ]
    with torch.no_grad():
        expected = model(torch.tensor([ids_T]), output_hidden_states=True).hidden_states
    for hook in hooks:
        hook.remove()
    assert len(given) == model.config.num_hidden_layers
    for mine, theirs in zip(given[:-1], expected[1:-1], strict=True):  # theirs has the last norm on the last layer
        torch.testing.assert_close(mine, theirs, atol=0, rtol=0)


def test_a_family_that_computes_attention_its_own_way_is_refused_and_nothing_is_left_behind():
    with pytest.raises(UserError, match="another family"):
        anatomy(network("xlnet"), ids())
    model = network("bert")
    anatomy(model, ids())
    assert not any(each._forward_pre_hooks for each in model.modules())
