import math

import pytest
import torch
from torch.nn import functional

from ssl_core.losses.binary_cross_entropy import binary_cross_entropy


def test_it_equals_a_case_worked_by_hand():
    # p(yes) = 0.5, 0.75 and 0.2: the answers yes, yes, no cost ln 2, ln 4/3 and ln 5/4
    logits_N = torch.tensor([0.0, math.log(3), math.log(0.25)])
    loss = binary_cross_entropy(logits_N, torch.tensor([True, True, False]))
    assert float(loss) == pytest.approx((math.log(2) + math.log(4 / 3) + math.log(5 / 4)) / 3, abs=1e-6)  # float32


def test_it_equals_a_two_class_cross_entropy():
    generator = torch.Generator().manual_seed(0)
    logits_N = torch.randn(50, generator=generator)
    is_true_N = torch.rand(50, generator=generator) < 0.3
    two_scores_N2 = torch.stack([torch.zeros(50), logits_N], dim=1)  # p(yes) = e^s / (e^0 + e^s)
    expected = functional.cross_entropy(two_scores_N2, is_true_N.long())
    assert float(binary_cross_entropy(logits_N, is_true_N)) == pytest.approx(float(expected), abs=1e-6)  # float32


def test_being_utterly_wrong_costs_the_logit_and_no_infinity():
    loss = binary_cross_entropy(torch.tensor([200.0, -300.0]), torch.tensor([False, True]))
    assert float(loss) == pytest.approx(250.0)


def test_it_is_reckoned_in_float32():
    logits_N = torch.randn(20, generator=torch.Generator().manual_seed(0)).bfloat16()
    is_true_N = torch.arange(20) % 3 == 0
    assert binary_cross_entropy(logits_N, is_true_N) == binary_cross_entropy(logits_N.float(), is_true_N)


def test_nothing_asked_costs_nothing():
    assert float(binary_cross_entropy(torch.zeros(0), torch.zeros(0, dtype=torch.bool))) == 0
