"""The loss of yes-or-no questions: how surprising the true answers are."""

# N questions

import torch
from torch.nn import functional


def binary_cross_entropy(logits_N: torch.Tensor, is_true_N: torch.Tensor) -> torch.Tensor:
    """Average the surprise, -ln p(true answer), over yes-or-no questions; p(yes) = 1 / (1 + e^-logit).

    Computed in float32 whatever the logits' format, and from logits, so that no logarithm of 0 is ever taken.
    Returns: scalar, nats per question; ln 2 when every logit is 0; 0 where nothing is asked.
    Source:  Clark et al. 2020, ELECTRA, arXiv:2003.10555, section 2 (the discriminator's loss, there summed over a text).
    """
    if not logits_N.numel():
        return logits_N.float().sum()
    return functional.binary_cross_entropy_with_logits(logits_N.float(), is_true_N.float())
