"""Attention as the families of this package compute it.

Hugging Face's own forward pass is made for every case there is; on a small network most of its time goes into casts, masks
and a fused kernel whose backward pass is slow on a CPU. These few products give the same numbers several times faster.
"""

# B batch, T tokens, H heads, K width of a head, D = H * K

from functools import lru_cache

import torch
from torch.nn import functional


def attend(
    query_BHTK: torch.Tensor,
    key_BHTK: torch.Tensor,
    value_BHTK: torch.Tensor,
    bias_TT: torch.Tensor,
    *,
    dropout: float = 0.0,
) -> torch.Tensor:
    """Mix the values by how well keys answer queries: softmax(q·k / √K + bias) v.

    ``bias_TT`` is 0 where the row's token may see the column's, minus infinity where it may not.
    Returns: mixed_BTD, the heads side by side again.
    Source:  Vaswani et al. 2017, arXiv:1706.03762, eq. 1.
    """
    B, H, T, K = query_BHTK.shape
    query, key, value = (each.reshape(B * H, T, K) for each in (query_BHTK, key_BHTK, value_BHTK))
    scores = torch.baddbmm(bias_TT.to(query.dtype), query, key.mT, alpha=K**-0.5)
    weights = functional.dropout(scores.softmax(dim=-1), dropout, training=dropout > 0)
    return torch.bmm(weights, value).view(B, H, T, K).transpose(1, 2).reshape(B, T, H * K)


def heads(joined_BTX: torch.Tensor, num_heads: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Part a row of queries, keys and values, side by side, into query_BHTK, key_BHTK, value_BHTK."""
    B, T, X = joined_BTX.shape
    query, key, value = joined_BTX.view(B, T, 3, num_heads, X // (3 * num_heads)).permute(2, 0, 3, 1, 4).unbind(0)
    return query, key, value


def rotated(x_BHTK: torch.Tensor, tables: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Turn each pair (k, k + K/2) of a vector by an angle that grows with its position.

    ``tables`` come from ``rotary_tables``.
    Source: Su et al. 2021, arXiv:2104.09864; halves paired as Llama does.
    """
    cos_TK, sin_TK = tables
    other_half_BHTK = x_BHTK.roll(x_BHTK.shape[-1] // 2, dims=-1)
    return torch.addcmul(x_BHTK * cos_TK.to(x_BHTK.dtype), other_half_BHTK, sin_TK.to(x_BHTK.dtype))


@lru_cache(maxsize=16)
def rotary_tables(num_tokens: int, width: int, theta: float, device: torch.device) -> tuple[torch.Tensor, torch.Tensor]:
    """Return cos_TK and sin_TK, the first half of sin negated, for ``rotated``."""
    inverse_K2 = 1.0 / theta ** (torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    angle_TK2 = torch.arange(num_tokens, device=device)[:, None] * inverse_K2
    cos, sin = angle_TK2.cos(), angle_TK2.sin()
    return torch.cat((cos, cos), dim=-1), torch.cat((-sin, sin), dim=-1)


@lru_cache(maxsize=16)
def causal_bias_TT(num_tokens: int, device: torch.device) -> torch.Tensor:
    """Let each token see itself and those before it."""
    return torch.full((num_tokens, num_tokens), -torch.inf, device=device).triu(1)


@lru_cache(maxsize=16)
def window_bias_TT(num_tokens: int, reach: int | None, device: torch.device) -> torch.Tensor:
    """Let each token see those at most ``reach`` away, on both sides; None lets it see all."""
    place_T = torch.arange(num_tokens, device=device)
    is_far_TT = (place_T[:, None] - place_T[None, :]).abs() > (num_tokens if reach is None else reach)
    return torch.zeros(num_tokens, num_tokens, device=device).masked_fill(is_far_TT, -torch.inf)
