"""Attributions from gradients: how the log-probability of one token hangs on the vector of each token of the text.

Both are signed: what speaks for the prediction is positive. They are computed by ``captum``.
"""

# T tokens, D width of a token's vector

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import InputXGradient, IntegratedGradients
from transformers import PreTrainedModel

from ssl_core.attention.asking import Asked, Scores, log_probability_B, rows_at_once, vectors_BTD

ENOUGH = 0.01
"""Integrated gradients are taken on more points until they add up so closely (nats; of a large difference: a share) …"""
NUM_POINTS = (32, 128, 512)
"""… or there are no more; each time so many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Integrated:
    """``scores_T`` should add up to ``difference``, ln p with the text less ln p of the baseline; so far as they do."""

    scores_T: Scores
    difference: float
    baseline: float  # ln p where nothing is told
    num_points: int


def gradient_times_input_T(model: PreTrainedModel, asked: Asked) -> Scores:
    """Return gradient · vector for each token: what the stand-in in its place would change, were the network a straight line.

    Source: Shrikumar et al. 2016, arXiv:1605.01713. Differs: vectors are counted from the stand-in's, not from 0. A network
    that normalises vectors first, as ModernBERT does, does not see how long they are, and gradient · vector is 0 for all.
    """
    nothing_1TD = _nothing_1TD(model, asked)
    with torch.enable_grad():
        explained = InputXGradient(lambda x_BTD: log_probability_B(model, asked, inputs_embeds=x_BTD + nothing_1TD))
        found_1TD = explained.attribute((_vectors_1TD(model, asked.ids_T) - nothing_1TD).requires_grad_())
    return _added_up(found_1TD)


def integrated_gradients(model: PreTrainedModel, asked: Asked) -> Integrated:
    """Follow the gradient from a text that tells nothing to this one, and add up what each token's way contributed.

    The baseline has the stand-in at every place: a network that fills blanks has seen [MASK], and what it then guesses is
    what it guesses knowing nothing. A vector of zeros would be a token that it never met; and where vectors are normalised
    first, the whole way from there is one step.

    Source: Sundararajan et al. 2017, arXiv:1703.01365, eq. 1; the integral by Gauss–Legendre.
    """
    text_1TD, nothing_1TD = _vectors_1TD(model, asked.ids_T), _nothing_1TD(model, asked)
    with torch.no_grad():
        full, baseline = log_probability_B(model, asked, inputs_embeds=torch.cat((text_1TD, nothing_1TD))).tolist()
    explained = IntegratedGradients(lambda x_BTD: log_probability_B(model, asked, inputs_embeds=x_BTD))
    scores_T = np.zeros(len(asked.ids_T))
    for num_points in NUM_POINTS:
        with torch.enable_grad():
            found_1TD = explained.attribute(
                text_1TD,
                nothing_1TD,
                n_steps=num_points,
                internal_batch_size=rows_at_once(len(asked.ids_T)),
                method="gausslegendre",
            )
        scores_T = _added_up(found_1TD)
        if abs(scores_T.sum() - (full - baseline)) < ENOUGH * max(1.0, abs(full - baseline)):
            break
    return Integrated(scores_T=scores_T, difference=full - baseline, baseline=baseline, num_points=num_points)


def _nothing_1TD(model: PreTrainedModel, asked: Asked) -> torch.Tensor:
    return _vectors_1TD(model, [asked.stand_in_id] * len(asked.ids_T))


def _vectors_1TD(model: PreTrainedModel, ids_T: Sequence[int]) -> torch.Tensor:
    return vectors_BTD(model, torch.tensor([list(ids_T)])).detach()


def _added_up(found_1TD: torch.Tensor) -> Scores:
    return np.asarray(found_1TD[0].detach().double().sum(dim=-1).numpy())
