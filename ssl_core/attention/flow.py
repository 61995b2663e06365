"""Attention flow: how much could come through from a token to a place, if attention were pipes.

Every token of every layer is a knot; a pipe leads from it to each token that it looks at, one layer below, as wide as half
the attention, and straight down, one half wider. The maximum flow is what the narrowest cut lets through. Where tokens look
back only, more ways lead to the first tokens than to the last, and they get more flow, whatever they say.

Source: Abnar & Zuidema 2020, arXiv:2005.00928, section 3, with the same (A + I) / 2 as in ``rollout``.
"""

# L layers, H heads, T tokens

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from ssl_core.attention.recording import FloatArray
from ssl_core.attention.rollout import Shares, with_residual_LTT

ONE = 2**30
"""Capacities are whole numbers, so the flow is too small or large by 2⁻³¹ at most for each pipe of the narrowest cut."""


def flow_T(weights_LHTT: FloatArray, place: int) -> Shares:
    """Return the maximum flow from ``place``, after the last layer, down to each token of the text; 1 at most.

    Unlike shares they don't add up to 1, because each token is asked for alone and may use all pipes.
    """
    pipes_LTT = np.rint(with_residual_LTT(weights_LHTT) * ONE).astype(np.int32)
    L, T, _ = pipes_LTT.shape
    above_LTT = np.broadcast_to(np.arange(L)[:, None, None] + 1, pipes_LTT.shape) * T + np.arange(T)[:, None]
    below_LTT = np.broadcast_to(np.arange(L)[:, None, None], pipes_LTT.shape) * T + np.arange(T)
    is_open_LTT = pipes_LTT > 0
    ends = above_LTT[is_open_LTT], below_LTT[is_open_LTT]
    network = csr_array((pipes_LTT[is_open_LTT], ends), shape=((L + 1) * T, (L + 1) * T))
    return np.array([maximum_flow(network, L * T + place, token).flow_value for token in range(T)]) / ONE
