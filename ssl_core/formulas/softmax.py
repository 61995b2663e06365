"""Softmax: turn scores of any size into probabilities that add up to one."""

# V things to choose from; leading axes, if any, are separate choices

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.i18n import N_

TITLE = N_("Softmax")
FORMULA = r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}"
UNIT = N_("a share of 1")
SOURCE = "Bridle 1990, Probabilistic interpretation of feedforward classification network outputs"


def softmax(logits_V: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    """Give each score its share of the whole: e to the score, over the sum of them all.

    Only differences between scores count: the largest is taken off first, so that no power grows too large.
    """
    scaled_V = np.asarray(logits_V, dtype=np.float64) / temperature
    powers_V = np.exp(scaled_V - scaled_V.max(axis=-1, keepdims=True))
    shares_V: NDArray[np.float64] = powers_V / powers_V.sum(axis=-1, keepdims=True)
    return shares_V


def log_softmax(logits_V: ArrayLike, temperature: float = 1.0) -> NDArray[np.float64]:
    """Return the logarithms of the shares, exact also where a share is too small for a number."""
    scaled_V = np.asarray(logits_V, dtype=np.float64) / temperature
    shifted_V = scaled_V - scaled_V.max(axis=-1, keepdims=True)
    logs_V: NDArray[np.float64] = shifted_V - np.log(np.exp(shifted_V).sum(axis=-1, keepdims=True))
    return logs_V
