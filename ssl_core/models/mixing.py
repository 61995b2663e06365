"""Attention from one row of tokens to another, with a bias that may be learnt: what encoder-decoder families need.

As ``attention.attend``, which serves one row that looks at itself: few products, a backward pass written by hand.
"""

# B batch, U tokens that look, T tokens that are looked at, H heads, K width of a head, D = H * K, N = B * H

from typing import Any

import torch
from torch.autograd.function import once_differentiable


def mix(
    query_BUD: torch.Tensor,
    key_BTD: torch.Tensor,
    value_BTD: torch.Tensor,
    num_heads: int,
    bias_BHUT: torch.Tensor,
    *,
    scale: float,
    dropout: float = 0.0,
) -> torch.Tensor:
    """Mix the values by how well keys answer queries: softmax(scale · q·k + bias) v.

    ``bias_BHUT`` may have size 1 where it is the same for all; minus infinity where a token may not be seen. It gets a
    gradient if it asks for one.
    Returns: mixed_BUD, the heads side by side again.
    Source:  Vaswani et al. 2017, arXiv:1706.03762, eq. 1; with a learnt bias: Raffel et al. 2019, arXiv:1910.10683, 2.1.
    """
    mixed_BUD: torch.Tensor = _Mixing.apply(query_BUD, key_BTD, value_BTD, num_heads, bias_BHUT, scale, dropout)  # type: ignore[no-untyped-call]
    return mixed_BUD


class _Mixing(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        query_BUD: torch.Tensor,
        key_BTD: torch.Tensor,
        value_BTD: torch.Tensor,
        num_heads: int,
        bias_BHUT: torch.Tensor,
        scale: float,
        dropout: float,
    ) -> torch.Tensor:
        B, U, _ = query_BUD.shape
        T = key_BTD.shape[1]
        with torch.autocast(query_BUD.device.type, enabled=False):
            query_NUK, key_NTK, value_NTK = (_by_head(each, num_heads) for each in (query_BUD, key_BTD, value_BTD))
            whole_NUT = bias_BHUT.to(query_BUD.dtype).expand(B, num_heads, U, T).reshape(B * num_heads, U, T)
            weights_NUT = torch.baddbmm(whole_NUT, query_NUK, key_NTK.mT, alpha=scale).softmax(dim=-1)
            kept_NUT = torch.empty_like(weights_NUT).bernoulli_(1 - dropout).div_(1 - dropout) if dropout else None
            mixed_NUK = torch.bmm(weights_NUT if kept_NUT is None else weights_NUT * kept_NUT, value_NTK)
        ctx.save_for_backward(query_NUK, key_NTK, value_NTK, weights_NUT)
        ctx.kept_NUT, ctx.num_heads, ctx.scale = kept_NUT, num_heads, scale
        ctx.bias = (bias_BHUT.shape, bias_BHUT.dtype) if ctx.needs_input_grad[4] else None
        return _side_by_side(mixed_NUK, num_heads)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_mixed_BUD: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        query_NUK, key_NTK, value_NTK, weights_NUT = ctx.saved_tensors
        kept_NUT, H = ctx.kept_NUT, ctx.num_heads
        d_mixed_NUK = _by_head(d_mixed_BUD, H)
        used_NUT = weights_NUT if kept_NUT is None else weights_NUT * kept_NUT
        d_value_NTK = torch.bmm(used_NUT.mT, d_mixed_NUK)
        d_weights_NUT = torch.bmm(d_mixed_NUK, value_NTK.mT)
        if kept_NUT is not None:
            d_weights_NUT.mul_(kept_NUT)
        d_scores_NUT = torch._softmax_backward_data(d_weights_NUT, weights_NUT, -1, weights_NUT.dtype)
        d_bias_BHUT = None
        if ctx.bias is not None:
            shape, dtype = ctx.bias
            d_bias_BHUT = d_scores_NUT.view(-1, H, *d_scores_NUT.shape[1:]).to(dtype).sum_to_size(shape)
        d_scores_NUT = d_scores_NUT.mul(ctx.scale)
        d_query_NUK = torch.bmm(d_scores_NUT, key_NTK)
        d_key_NTK = torch.bmm(d_scores_NUT.mT, query_NUK)
        d_parts = (_side_by_side(each, H) for each in (d_query_NUK, d_key_NTK, d_value_NTK))
        return (*d_parts, None, d_bias_BHUT, None, None)


def _by_head(x_BTD: torch.Tensor, num_heads: int) -> torch.Tensor:
    B, T, D = x_BTD.shape
    return x_BTD.view(B, T, num_heads, D // num_heads).transpose(1, 2).reshape(B * num_heads, T, D // num_heads)


def _side_by_side(x_NTK: torch.Tensor, num_heads: int) -> torch.Tensor:
    N, T, K = x_NTK.shape
    return x_NTK.view(N // num_heads, num_heads, T, K).transpose(1, 2).reshape(N // num_heads, T, num_heads * K)


def padding_bias_B11T(ids_BT: torch.Tensor, is_padding_BT: torch.Tensor | None) -> torch.Tensor:
    """Let nobody see padding."""
    if is_padding_BT is None:
        return torch.zeros(1, 1, 1, ids_BT.shape[1], device=ids_BT.device)
    return torch.zeros(ids_BT.shape, device=ids_BT.device).masked_fill(is_padding_BT, -torch.inf)[:, None, None]
