import math

import pytest
import torch
from scipy.special import gamma, iv

from ssl_core.losses.uniformity import uniformity


def test_vectors_that_all_coincide_are_not_spread_at_all():
    assert float(uniformity(torch.tensor([[1.0, 2.0]]).expand(6, -1))) == pytest.approx(0, abs=1e-6)  # float32


def test_a_square_on_the_circle_is_worked_out_by_hand():
    square = torch.tensor([[3.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -2.0]])
    sides, diagonals = 4 * math.exp(-2 * 2), 2 * math.exp(-2 * 4)
    assert float(uniformity(square)) == pytest.approx(math.log((sides + diagonals) / 6), abs=1e-6)  # float32


def test_an_even_spread_over_the_sphere_comes_to_the_integral():
    # the mean of exp(4 cos) over the sphere in D dimensions is Gamma(D/2) (2/4)^(D/2-1) I_{D/2-1}(4)
    D, order = 8, 8 / 2 - 1
    expected = -4 + math.log(gamma(D / 2) * 0.5**order * iv(order, 4.0))
    drawn = torch.randn(2_000, D, generator=torch.Generator().manual_seed(0))
    # two million pairs of 2,000 vectors: the standard error is about 0.003 nats over several seeds
    assert float(uniformity(drawn)) == pytest.approx(expected, abs=0.02)


def test_a_single_vector_has_no_pair():
    assert float(uniformity(torch.ones(1, 3))) == 0
