import math

import pytest
import torch

from ssl_core.losses.masked_cross_entropy import masked_cross_entropy
from ssl_core.pretext.base import IGNORED


def test_it_equals_a_plain_loop_over_predicted_positions():
    generator = torch.Generator().manual_seed(0)
    logits_NV = torch.randn(9, 11, generator=generator)
    targets = [3, IGNORED, 0, 10, IGNORED, 7, 7, 1, 2]
    surprises = []
    for scores, target in zip(logits_NV.tolist(), targets, strict=True):
        if target != IGNORED:
            total = sum(math.exp(score) for score in scores)
            surprises.append(-math.log(math.exp(scores[target]) / total))
    loss = masked_cross_entropy(logits_NV, torch.tensor(targets))
    assert float(loss) == pytest.approx(sum(surprises) / len(surprises), abs=1e-6)  # float32 against Python's float64


def test_equal_scores_cost_the_log_of_the_vocabulary():
    loss = masked_cross_entropy(torch.full((4, 50), 3.0), torch.tensor([0, 1, 2, 3]))
    assert float(loss) == pytest.approx(math.log(50), abs=1e-6)  # float32


def test_a_bfloat16_network_is_scored_in_float32():
    logits_NV = torch.randn(4, 50, generator=torch.Generator().manual_seed(0)).bfloat16()
    targets_N = torch.tensor([0, 1, 2, 3])
    assert masked_cross_entropy(logits_NV, targets_N) == masked_cross_entropy(logits_NV.float(), targets_N)
