import math

import pytest
import torch

from ssl_core.losses.class_cross_entropy import class_cross_entropy
from ssl_core.pretext.base import IGNORED


def by_hand(logits_BC, labels_B):
    """One row at a time, in Python's own floats."""
    losses = []
    for scores, label in zip(logits_BC.tolist(), labels_B.tolist(), strict=True):
        if label != IGNORED:
            losses.append(math.log(sum(math.exp(score) for score in scores)) - scores[label])
    return sum(losses) / len(losses)


def test_it_is_the_average_surprise_of_the_true_classes():
    generator = torch.Generator().manual_seed(0)
    logits_BC = torch.randn(12, 6, generator=generator) * 3
    labels_B = torch.randint(0, 6, (12,), generator=generator)
    labels_B[::4] = IGNORED
    assert float(class_cross_entropy(logits_BC, labels_B)) == pytest.approx(by_hand(logits_BC, labels_B), abs=1e-6)  # float32


@pytest.mark.parametrize("num_classes", [2, 6])
def test_equal_scores_cost_the_log_of_the_number_of_classes(num_classes):
    loss = class_cross_entropy(torch.zeros(5, num_classes), torch.zeros(5, dtype=torch.long))
    assert float(loss) == pytest.approx(math.log(num_classes), abs=1e-6)


def test_with_two_classes_it_is_binary_cross_entropy():
    logits_BC = torch.tensor([[0.3, -1.2], [2.0, 0.5], [-0.1, 0.4]])
    labels_B = torch.tensor([1, 0, 1])
    binary = torch.nn.functional.binary_cross_entropy_with_logits(logits_BC[:, 1] - logits_BC[:, 0], labels_B.float())
    assert float(class_cross_entropy(logits_BC, labels_B)) == pytest.approx(float(binary), abs=1e-6)


def test_where_no_row_asks_it_is_zero_and_pulls_at_nothing():
    logits_BC = torch.randn(3, 2, requires_grad=True)
    loss = class_cross_entropy(logits_BC, torch.full((3,), IGNORED))
    loss.backward()
    assert float(loss) == 0.0
    assert not logits_BC.grad.any()
