import pytest
import torch
from torch.nn import functional

from ssl_core.models.gated import gated_gelu, gated_silu


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("ours", "activation"), [(gated_gelu, functional.gelu), (gated_silu, functional.silu)])
def test_numbers_and_gradients_are_those_of_the_plain_formula(ours, activation, dtype):
    joined_X = torch.randn(3, 5, 12, generator=torch.Generator().manual_seed(0)).to(dtype)
    outer_F = torch.randn(3, 5, 6, generator=torch.Generator().manual_seed(1)).to(dtype)

    def both(function):
        leaf_X = joined_X.clone().requires_grad_()
        result_F = function(leaf_X)
        result_F.backward(outer_F)
        return result_F.detach(), leaf_X.grad

    def plain(leaf_X):
        first_F, second_F = leaf_X.chunk(2, dim=-1)
        return activation(first_F) * second_F

    for found, expected in zip(both(ours), both(plain), strict=True):
        torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("function", [gated_gelu, gated_silu])
def test_the_gradient_is_the_slope(function):
    joined_X = torch.randn(2, 8, dtype=torch.float64, generator=torch.Generator().manual_seed(0), requires_grad=True)
    assert torch.autograd.gradcheck(function, (joined_X,))
