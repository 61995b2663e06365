"""Value-weighted attention: a weight says little of a token whose value is short; what arrives is weight times value.

A head adds ``sum over s of α(t, s) · f(x_s)`` to token t, where f(x) is the value as it is after the output matrix. The norm
of each summand tells how much came from where. Marks such as [SEP] often get much weight on a value near 0.

Source: Kobayashi et al. 2020, arXiv:2004.10102, eq. 3 and 4. As there, the output matrix's own bias belongs to no token.
"""

# B rows, H heads, T asking tokens, S tokens asked, K width of a head, D width

from collections.abc import Callable

import torch


def written_BHSD(value_BHSK: torch.Tensor, project: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    """Return f(x): what each head would add for each token if it looked at that token alone.

    ``project`` is the output matrix (with its bias), from all heads side by side to a token's width.
    """
    B, H, S, K = value_BHSK.shape
    alone_BHSHK = value_BHSK.new_zeros(B, H, S, H, K)
    each_H = torch.arange(H)
    alone_BHSHK[:, each_H, :, each_H] = value_BHSK.transpose(0, 1)
    return project(alone_BHSHK.flatten(-2)) - project(value_BHSK.new_zeros(H * K))


def norms_BHTS(weights_BHTS: torch.Tensor, written_BHSD: torch.Tensor) -> torch.Tensor:
    """Return ‖α f(x)‖ of each head: how much of what it adds to token t came from token s."""
    size_BHS: torch.Tensor = written_BHSD.norm(dim=-1)
    return weights_BHTS * size_BHS[:, :, None]


def layer_norms_BTS(weights_BHTS: torch.Tensor, written_BHSD: torch.Tensor) -> torch.Tensor:
    """Return ‖Σ α f(x)‖, the sum over heads: how much of what the whole layer adds to token t came from token s."""
    added_BTSD = torch.einsum("bhts,bhsd->btsd", weights_BHTS, written_BHSD)
    size_BTS: torch.Tensor = added_BTSD.norm(dim=-1)
    return size_BTS
