"""The loss of tasks that ask for one class a row: how surprising the true class is."""

# B rows, C classes

import torch
from torch.nn import functional

from ssl_core.pretext.base import IGNORED


def class_cross_entropy(logits_BC: torch.Tensor, labels_B: torch.Tensor) -> torch.Tensor:
    """Average the surprise, -ln p(true class), over the rows that ask something.

    Rows labelled ``IGNORED`` (-100) do not count; where none asks, the loss is 0. Computed in float32 whatever the logits'
    format. With two classes this is binary cross-entropy of the difference of the two scores.
    Returns: scalar, nats per row; ln C when all classes are given the same score.
    Source:  Devlin et al. 2019, arXiv:1810.04805, section 3.1, task 2; Lan et al. 2020, arXiv:1909.11942, section 3.1.
    """
    num_asked = (labels_B != IGNORED).sum().clamp(min=1)
    return functional.cross_entropy(logits_BC.float(), labels_B, ignore_index=IGNORED, reduction="sum") / num_asked
