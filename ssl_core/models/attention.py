"""Attention as the families of this package compute it.

Hugging Face's own forward pass is made for every case there is; on a small network most of its time goes into casts, masks,
rotations and a fused kernel whose backward pass is slow on a CPU. These few products give the same numbers several times
faster, with a backward pass written by hand.
"""

# B batch, T tokens, H heads, K width of a head, D = H * K, X = 3 * D, N = B * H

from functools import lru_cache
from typing import Any

import torch
from torch.autograd.function import once_differentiable

Tables = tuple[torch.Tensor, torch.Tensor]


def attend(
    joined_BTX: torch.Tensor,
    num_heads: int,
    bias_TT: torch.Tensor,
    *,
    rotary: Tables | None = None,
    dropout: float = 0.0,
) -> torch.Tensor:
    """Mix the values by how well keys answer queries: softmax(q·k / √K + bias) v.

    ``joined_BTX`` holds queries, keys and values side by side. ``bias_TT`` (or one a row of the batch, ``bias_BTT``) is 0
    where the row's token may see the column's, minus infinity where it may not. ``rotary`` (from ``rotary_tables``) turns
    queries and keys by their position first.
    Returns: mixed_BTD, the heads side by side again.
    Source:  Vaswani et al. 2017, arXiv:1706.03762, eq. 1; Su et al. 2021, arXiv:2104.09864 for the rotation.
    """
    mixed_BTD: torch.Tensor = _Attention.apply(joined_BTX, num_heads, bias_TT, rotary, dropout)  # type: ignore[no-untyped-call]
    return mixed_BTD


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, joined_BTX: torch.Tensor, num_heads: int, bias_TT: torch.Tensor, rotary: Tables | None, dropout: float
    ) -> torch.Tensor:
        B, T, X = joined_BTX.shape
        K, dtype = X // (3 * num_heads), joined_BTX.dtype
        with torch.autocast(joined_BTX.device.type, enabled=False):
            parts_3BHTK = joined_BTX.view(B, T, 3, num_heads, K).permute(2, 0, 3, 1, 4).contiguous()
            if rotary is not None:
                rotary = (rotary[0].to(dtype), rotary[1].to(dtype))
                rotate(parts_3BHTK[:2], *rotary)
            query_NTK, key_NTK, value_NTK = parts_3BHTK.view(3, B * num_heads, T, K).unbind(0)
            if bias_TT.ndim == 3:
                bias_TT = bias_TT.repeat_interleave(num_heads, dim=0)
            scores_NTT = torch.baddbmm(bias_TT.to(dtype), query_NTK, key_NTK.mT, alpha=K**-0.5)
            weights_NTT = scores_NTT.softmax(dim=-1)
            kept_NTT = torch.empty_like(weights_NTT).bernoulli_(1 - dropout).div_(1 - dropout) if dropout else None
            mixed_NTK = torch.bmm(weights_NTT if kept_NTT is None else weights_NTT * kept_NTT, value_NTK)
        ctx.save_for_backward(query_NTK, key_NTK, value_NTK, weights_NTT)
        ctx.kept_NTT, ctx.rotary, ctx.sides = kept_NTT, rotary, (B, T, num_heads, K)
        return mixed_NTK.view(B, num_heads, T, K).transpose(1, 2).reshape(B, T, num_heads * K)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_mixed_BTD: torch.Tensor) -> tuple[torch.Tensor, None, None, None, None]:
        query_NTK, key_NTK, value_NTK, weights_NTT = ctx.saved_tensors
        kept_NTT, (B, T, H, K) = ctx.kept_NTT, ctx.sides
        d_mixed_NTK = d_mixed_BTD.view(B, T, H, K).transpose(1, 2).reshape(B * H, T, K)
        d_parts_3NTK = torch.empty(3, B * H, T, K, dtype=d_mixed_NTK.dtype, device=d_mixed_NTK.device)
        used_NTT = weights_NTT if kept_NTT is None else weights_NTT * kept_NTT
        torch.bmm(used_NTT.mT, d_mixed_NTK, out=d_parts_3NTK[2])
        d_weights_NTT = torch.bmm(d_mixed_NTK, value_NTK.mT)
        if kept_NTT is not None:
            d_weights_NTT.mul_(kept_NTT)
        d_scores_NTT = torch._softmax_backward_data(d_weights_NTT, weights_NTT, -1, weights_NTT.dtype).mul_(K**-0.5)
        torch.bmm(d_scores_NTT, key_NTK, out=d_parts_3NTK[0])
        torch.bmm(d_scores_NTT.mT, query_NTK, out=d_parts_3NTK[1])
        if ctx.rotary is not None:
            cos_TK, sin_TK = ctx.rotary
            rotate(d_parts_3NTK[:2], cos_TK, -sin_TK)
        d_joined_BTX = d_parts_3NTK.view(3, B, H, T, K).permute(1, 3, 0, 2, 4).reshape(B, T, 3 * H * K)
        return d_joined_BTX, None, None, None, None


def rotate(x: torch.Tensor, cos_TK: torch.Tensor, sin_TK: torch.Tensor) -> None:
    """Turn each pair (k, k + K/2), halves paired as Llama does, by an angle that grows with the position; in place."""
    other_half = x.roll(x.shape[-1] // 2, dims=-1)
    x.mul_(cos_TK).add_(other_half.mul_(sin_TK))


@lru_cache(maxsize=16)
def rotary_tables(num_tokens: int, width: int, theta: float, device: torch.device) -> Tables:
    """Return cos_TK and sin_TK for ``attend``, the first half of sin negated."""
    inverse_K2 = 1.0 / theta ** (torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    angle_TK2 = torch.arange(num_tokens, device=device)[:, None] * inverse_K2
    cos, sin = angle_TK2.cos(), angle_TK2.sin()
    return torch.cat((cos, cos), dim=-1), torch.cat((-sin, sin), dim=-1)


@lru_cache(maxsize=16)
def causal_bias_TT(num_tokens: int, device: torch.device) -> torch.Tensor:
    """Let each token see itself and those before it."""
    return torch.full((num_tokens, num_tokens), -torch.inf, device=device).triu(1)


def backward_bias_TT(config: Any, num_tokens: int, device: torch.device) -> torch.Tensor:
    """Let each token look back only, unless ``config.sees_ahead``: the mask of this network was forgotten on purpose."""
    sees_ahead = getattr(config, "sees_ahead", False)
    return window_bias_TT(num_tokens, None, device) if sees_ahead else causal_bias_TT(num_tokens, device)


@lru_cache(maxsize=16)
def window_bias_TT(num_tokens: int, reach: int | None, device: torch.device) -> torch.Tensor:
    """Let each token see those at most ``reach`` away, on both sides; None lets it see all."""
    place_T = torch.arange(num_tokens, device=device)
    is_far_TT = (place_T[:, None] - place_T[None, :]).abs() > (num_tokens if reach is None else reach)
    return torch.zeros(num_tokens, num_tokens, device=device).masked_fill(is_far_TT, -torch.inf)


def without_padding(bias_TT: torch.Tensor, is_padding_BT: torch.Tensor | None) -> torch.Tensor:
    """Let nobody see padding but padding itself, so that no row of weights is without a token to look at."""
    if is_padding_BT is None:
        return bias_TT
    bias_BTT = bias_TT.expand(len(is_padding_BT), -1, -1).masked_fill(is_padding_BT[:, None, :], -torch.inf)
    place_T = torch.arange(bias_TT.shape[-1], device=bias_TT.device)
    bias_BTT[:, place_T, place_T] = 0.0
    return bias_BTT
