"""A joint loss: several losses, each with a weight, pulling at the same parameters."""

# K losses, D parameters that they share

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.i18n import N_

TITLE = N_("Joint loss")
FORMULA = r"\mathcal{L} = \sum_k \lambda_k \mathcal{L}_k, \qquad \nabla\mathcal{L} = \sum_k \lambda_k \nabla\mathcal{L}_k"
UNIT = N_("nats, weighted")
SOURCE = "Devlin et al. 2019, arXiv:1810.04805 (1 : 1); Clark et al. 2020, arXiv:2003.10555, § 2 (1 : 50)"


def joint(losses_K: ArrayLike, weights_K: ArrayLike) -> float:
    """Add the losses up, each times its weight."""
    return float(np.dot(losses_K, weights_K))


def gradient(gradients_KD: ArrayLike, weights_K: ArrayLike) -> NDArray[np.float64]:
    """Add the gradients up, each times its weight: the direction in which all of them together grow fastest."""
    together_D: NDArray[np.float64] = np.asarray(weights_K, dtype=np.float64) @ np.asarray(gradients_KD, dtype=np.float64)
    return together_D


def pulls(gradients_KD: ArrayLike, weights_K: ArrayLike) -> NDArray[np.float64]:
    """Return how hard each loss pulls: the length of its gradient times its weight. It may say more than the loss itself."""
    hard_K: NDArray[np.float64] = np.asarray(weights_K) * np.linalg.norm(gradients_KD, axis=1)
    return hard_K


def agreement(first_D: ArrayLike, second_D: ArrayLike) -> float:
    """Return the cosine between two gradients: 1 they pull the same way, -1 against each other; 0 also if one doesn't pull."""
    lengths = float(np.linalg.norm(first_D) * np.linalg.norm(second_D))
    return float(np.dot(first_D, second_D)) / lengths if lengths > 0 else 0.0
