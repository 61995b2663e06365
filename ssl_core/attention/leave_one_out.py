"""Leave one out: what becomes of a prediction when a token is taken away; and which explanation says so beforehand.

This is measured, not derived. It is no truth either: two tokens that say the same are both missed by nobody, and a text with a
hole may be none that the network knows.

Source: Li et al. 2016, arXiv:1612.08220, for taking words away; Jain & Wallace 2019, arXiv:1902.10186, section 4.1, for rank
correlation with it as a check; against which Wiegreffe & Pinter 2019, arXiv:1908.04626, hold that an explanation need not be
the only one to be one. Differs: a token is covered by the stand-in, not removed, so that the others keep their places.
"""

# T tokens, N tokens that are compared

from dataclasses import dataclass

import numpy as np
import torch
from scipy.stats import kendalltau, spearmanr
from transformers import PreTrainedModel

from ssl_core.attention.asking import Asked, Scores, log_probability_B, rows_at_once

MIN_COMPARED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Rank correlations, from -1 to 1; None where one side is the same for all tokens or there are too few."""

    kendall: float | None  # tau-b: pairs of tokens in the same order less those in the other
    spearman: float | None


@torch.no_grad()
def leave_one_out_T(model: PreTrainedModel, asked: Asked) -> Scores:
    """Return how much ln p of the asked token falls when each token is covered by the stand-in; negative: it rises."""
    ids_TT = torch.tensor([asked.ids_T] * len(asked.ids_T)).fill_diagonal_(asked.stand_in_id)
    rows_BT = torch.cat((torch.tensor([asked.ids_T]), ids_TT))
    step = rows_at_once(len(asked.ids_T))
    some = [rows_BT[start : start + step] for start in range(0, len(rows_BT), step)]
    found_B = torch.cat([log_probability_B(model, asked, input_ids=some_BT) for some_BT in some])
    return np.asarray((found_B[0] - found_B[1:]).double().numpy())


def agreement(scores_N: Scores, change_N: Scores) -> Agreement:
    """Return how alike two rankings of tokens are."""
    if len(scores_N) < MIN_COMPARED or np.ptp(scores_N) == 0 or np.ptp(change_N) == 0:
        return Agreement(kendall=None, spearman=None)
    return Agreement(
        kendall=float(kendalltau(scores_N, change_N).statistic), spearman=float(spearmanr(scores_N, change_N).statistic)
    )
