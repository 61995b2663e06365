"""Perplexity: among how many equally likely words a reader might as well be choosing."""

import math

from ssl_core.i18n import N_

TITLE = N_("Perplexity")
FORMULA = r"\mathrm{PPL} = e^{\mathcal{L}}"
UNIT = N_("equally likely choices")
SOURCE = "Jelinek et al. 1977, Perplexity: a measure of the difficulty of speech recognition tasks"


def perplexity(loss_nats: float) -> float:
    """Return e to the loss: 1 for a reader who is certain and right, V for one who can't tell V words apart."""
    return math.exp(loss_nats)
