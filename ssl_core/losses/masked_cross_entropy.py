"""The loss of masked and of causal language models: how surprising the true tokens are."""

# N predicted positions, V vocabulary

import torch
from torch.nn import functional

from ssl_core.pretext.base import IGNORED


def masked_cross_entropy(logits_NV: torch.Tensor, target_ids_N: torch.Tensor) -> torch.Tensor:
    """Average the surprise, -ln p(true token), over the positions that are predicted.

    Targets equal to ``IGNORED`` (-100) do not count. Computed in float32 whatever the logits' format.
    Returns: scalar, nats per predicted token; ln V when all tokens are given the same score.
    Source:  Devlin et al. 2019, arXiv:1810.04805 (predicted positions only); for causal language models every
             position has a target: Bengio et al. 2003, eq. 1.
    """
    return functional.cross_entropy(logits_NV.float(), target_ids_N, ignore_index=IGNORED)
