import math

import pytest
import torch

from ssl_core.losses.info_nce import info_nce, similarities


def drawn(num_rows, width=5, seed=0):
    return torch.randn(num_rows, width, generator=torch.Generator().manual_seed(seed))


def by_hand(anchors, partners, strangers, temperature):
    """The formula in plain Python floats, one anchor and one candidate after the other."""

    def cosine(one, other):
        length = math.sqrt(sum(x * x for x in one)) * math.sqrt(sum(y * y for y in other))
        return sum(x * y for x, y in zip(one, other, strict=True)) / length

    costs = []
    for number, anchor in enumerate(anchors):
        scores = [cosine(anchor, each) / temperature for each in [*partners, *strangers]]
        costs.append(math.log(sum(math.exp(score) for score in scores)) - scores[number])
    return sum(costs) / len(costs)


@pytest.mark.parametrize("num_strangers", [0, 3])
@pytest.mark.parametrize("temperature", [0.05, 1.0])
def test_it_equals_a_plain_double_loop(temperature, num_strangers):
    anchors, partners, strangers = drawn(7, seed=1), drawn(7, seed=2), drawn(num_strangers, seed=3)
    loss = info_nce(anchors, partners, temperature, strangers if num_strangers else None)
    expected = by_hand(anchors.tolist(), partners.tolist(), strangers.tolist(), temperature)
    assert float(loss) == pytest.approx(expected, abs=1e-5)  # float32 similarities, times 20 at the low temperature


def test_identical_embeddings_cost_the_log_of_the_candidates():
    same = drawn(1).expand(16, -1)
    assert float(info_nce(same, same, 0.05)) == pytest.approx(math.log(16), abs=1e-5)  # float32
    assert float(info_nce(same, same, 0.05, same[:8])) == pytest.approx(math.log(24), abs=1e-5)


def test_one_pair_alone_costs_nothing():
    assert float(info_nce(drawn(1), drawn(1, seed=1), 0.05)) == 0


def test_the_length_of_a_vector_does_not_matter():
    z1, z2 = drawn(6), drawn(6, seed=1)
    torch.testing.assert_close(info_nce(z1, z2, 0.1), info_nce(z1 * 7, z2 / 3, 0.1))


def test_partners_at_right_angles_to_all_others_cost_what_the_closed_form_says():
    axes = torch.eye(4)
    assert float(info_nce(axes, axes, 0.5)) == pytest.approx(math.log(math.exp(2) + 3) - 2, abs=1e-6)  # float32


def test_autocast_does_not_coarsen_the_similarities():
    z1, z2 = drawn(6), drawn(6, seed=1)
    with torch.autocast("cpu", torch.bfloat16):
        coarse = similarities(z1, z2)
    assert torch.equal(coarse, similarities(z1, z2))
