import math

import pytest
import torch

from ssl_core.models.mixing import mix, padding_bias_B11T


def parts(seed=0, B=2, U=3, T=4, D=6, H=2):
    generator = torch.Generator().manual_seed(seed)
    shapes = ((B, U, D), (B, T, D), (B, T, D), (1, H, U, T))
    return [torch.randn(shape, dtype=torch.float64, generator=generator).requires_grad_() for shape in shapes]


def test_the_mixture_is_that_of_a_loop_over_heads_and_tokens():
    query, key, value, bias = (each.detach() for each in parts())
    mixed = mix(query, key, value, 2, bias, scale=0.7)
    for b in range(2):
        for head in range(2):
            inside = slice(3 * head, 3 * head + 3)
            for u in range(3):
                scores = [0.7 * float(query[b, u, inside] @ key[b, t, inside]) + float(bias[0, head, u, t]) for t in range(4)]
                weights = [math.exp(score) for score in scores]
                expected = sum(w / sum(weights) * value[b, t, inside] for t, w in enumerate(weights))
                torch.testing.assert_close(mixed[b, u, inside], expected)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
def test_gradients_are_those_of_finite_differences_that_of_the_bias_too(dropout):
    def mixed(*given):
        torch.manual_seed(0)  # the same entries are dropped at each call
        return mix(*given[:3], 2, given[3], scale=0.7, dropout=dropout)

    assert torch.autograd.gradcheck(mixed, parts())


def test_nobody_sees_padding():
    ids_BT = torch.tensor([[5, 6, 7, 8], [5, 6, 0, 0]])
    bias = padding_bias_B11T(ids_BT, ids_BT == 0)
    assert torch.isfinite(bias[:, 0, 0]).tolist() == [[True] * 4, [True, True, False, False]]
    query, key, value, _ = (each.detach() for each in parts())
    other = value.clone()
    other[1, 2:] = 99.0
    assert torch.equal(mix(query, key, value, 2, bias, scale=1.0), mix(query, key, other, 2, bias, scale=1.0))
    assert not padding_bias_B11T(ids_BT, None).any()
