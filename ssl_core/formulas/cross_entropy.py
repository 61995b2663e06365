"""Cross-entropy: how surprised a reader is by the truth."""

# V things to choose from

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.formulas.softmax import log_softmax, softmax
from ssl_core.i18n import N_

TITLE = N_("Cross-entropy")
FORMULA = (
    r"\mathcal{L} = -\ln p_{y} = -z_y + \ln \sum_j e^{z_j}, \qquad \frac{\partial\mathcal{L}}{\partial z_i} = p_i - [i = y]"
)
UNIT = N_("nats for each thing predicted")
SOURCE = "Bengio et al. 2003, A neural probabilistic language model, eq. 1; Devlin et al. 2019, arXiv:1810.04805"


def cross_entropy(logits_V: ArrayLike, truth: int) -> float:
    """Return minus the logarithm of the probability that was given to the truth: 0 if it was certain, ln V if all are equal."""
    return float(-log_softmax(logits_V)[truth])


def gradient(logits_V: ArrayLike, truth: int) -> NDArray[np.float64]:
    """Return how the loss grows with each score: the probability given, less 1 for the truth. It adds up to 0."""
    slopes_V = softmax(logits_V)
    slopes_V[truth] -= 1.0
    return slopes_V
