"""Binary cross-entropy: the surprise at the answers to questions of yes and no."""

# N questions; a label is 1 for yes, 0 for no

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.i18n import N_

TITLE = N_("Binary cross-entropy")
FORMULA = (
    r"\mathcal{L} = -\frac1N \sum_n \left[ w\, y_n \ln \sigma(z_n) + (1-y_n) \ln(1-\sigma(z_n)) \right],"
    r" \qquad \sigma(z) = \frac{1}{1+e^{-z}}"
)
UNIT = N_("nats for each question")
SOURCE = "Devlin et al. 2019, arXiv:1810.04805, § 3.1; Clark et al. 2020, arXiv:2003.10555, § 2"


def sigmoid(logits_N: ArrayLike) -> NDArray[np.float64]:
    """Turn a score into the probability of yes: a softmax over the score and 0."""
    z_N = np.asarray(logits_N, dtype=np.float64)
    shrunk_N = np.exp(-np.abs(z_N))  # never larger than 1, so that no power grows too large
    chances_N: NDArray[np.float64] = np.where(z_N >= 0, 1.0, shrunk_N) / (1.0 + shrunk_N)
    return chances_N


def surprises(logits_N: ArrayLike, labels_N: ArrayLike, weight: float = 1.0) -> NDArray[np.float64]:
    """Return what each answer costs, in nats; ``weight`` multiplies what a missed yes costs."""
    z_N, y_N = np.asarray(logits_N, dtype=np.float64), np.asarray(labels_N, dtype=np.float64)
    if_yes_N, if_no_N = np.logaddexp(0.0, -z_N), np.logaddexp(0.0, z_N)  # -ln sigmoid(z), -ln(1 - sigmoid(z))
    costs_N: NDArray[np.float64] = weight * y_N * if_yes_N + (1.0 - y_N) * if_no_N
    return costs_N


def binary_cross_entropy(logits_N: ArrayLike, labels_N: ArrayLike, weight: float = 1.0) -> float:
    """Average the surprise over all questions: ln 2 for a reader who says fifty-fifty to all, with weight 1."""
    return float(surprises(logits_N, labels_N, weight).mean())


def gradient(logits_N: ArrayLike, labels_N: ArrayLike, weight: float = 1.0) -> NDArray[np.float64]:
    """Return how the loss grows with each score: the probability of yes less the label, over N; times ``weight`` for a yes."""
    y_N = np.asarray(labels_N, dtype=np.float64)
    slopes_N: NDArray[np.float64] = np.where(y_N == 1, weight, 1.0) * (sigmoid(logits_N) - y_N) / y_N.size
    return slopes_N
