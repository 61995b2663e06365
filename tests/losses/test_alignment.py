import pytest
import torch

from ssl_core.losses.alignment import alignment


def test_partners_that_coincide_but_for_their_length_cost_nothing():
    z_BD = torch.randn(5, 3, generator=torch.Generator().manual_seed(0))
    assert float(alignment(z_BD, 4 * z_BD)) == pytest.approx(0, abs=1e-12)  # float32, squared


def test_right_angles_cost_two_and_opposites_four():
    z1_BD, z2_BD = torch.tensor([[2.0, 0.0], [1.0, 0.0]]), torch.tensor([[0.0, 5.0], [-3.0, 0.0]])
    assert float(alignment(z1_BD, z2_BD)) == pytest.approx((2 + 4) / 2)


def test_it_is_two_minus_twice_the_cosine():
    generator = torch.Generator().manual_seed(1)
    z1_BD, z2_BD = torch.randn(9, 4, generator=generator), torch.randn(9, 4, generator=generator)
    expected = (2 - 2 * torch.cosine_similarity(z1_BD, z2_BD)).mean()
    torch.testing.assert_close(alignment(z1_BD, z2_BD), expected)
