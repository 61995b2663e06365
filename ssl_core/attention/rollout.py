"""Attention rollout: how much of each token reaches each place, if heads only mixed and mixed again.

Half of what leaves a layer came along the residual connection, the other half through the heads, all alike; from layer to
layer the shares multiply. It leaves out what is written for a token, the inner layers and the norms.

Source: Abnar & Zuidema 2020, arXiv:2005.00928, section 3.
"""

# L layers, H heads, T tokens

import numpy as np
import numpy.typing as npt

from ssl_core.attention.recording import FloatArray

Shares = npt.NDArray[np.float64]


def with_residual_LTT(weights_LHTT: FloatArray) -> Shares:
    """Average the heads of each layer, and let half of every token stay what it was: (A + I) / 2."""
    averaged_LTT = weights_LHTT.astype(np.float64).mean(axis=1)
    return np.asarray((averaged_LTT + np.eye(averaged_LTT.shape[-1])) / 2)


def rollout_TT(weights_LHTT: FloatArray) -> Shares:
    """Return for each place (row), after the last layer, the share of each token of the text (column); rows add up to 1."""
    found_TT = np.eye(weights_LHTT.shape[-1])
    for layer_TT in with_residual_LTT(weights_LHTT):
        found_TT = layer_TT @ found_TT
    return found_TT
