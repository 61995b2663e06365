"""Inner layers with a gate, as ModernBERT and Llama have them: one function with a backward pass written by hand.

The same numbers as the plain formula; its backward pass fills one gradient instead of two that are joined afterwards.
"""

# X = 2 * F, F inner width

from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import once_differentiable
from torch.nn import functional

Derivative = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], object]


def gated_gelu(joined_X: torch.Tensor) -> torch.Tensor:
    """Return gelu(first half) · second half, along the last axis.

    Source: Shazeer 2020, arXiv:2002.05202, GEGLU.
    """
    gated_F: torch.Tensor = _Gated.apply(joined_X, functional.gelu, _gelu_backward)  # type: ignore[no-untyped-call]
    return gated_F


def gated_silu(joined_X: torch.Tensor) -> torch.Tensor:
    """Return silu(first half) · second half, along the last axis.

    Source: Shazeer 2020, arXiv:2002.05202, SwiGLU.
    """
    gated_F: torch.Tensor = _Gated.apply(joined_X, functional.silu, _silu_backward)  # type: ignore[no-untyped-call]
    return gated_F


class _Gated(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, joined_X: torch.Tensor, activation: Callable[[torch.Tensor], torch.Tensor], derivative: Derivative
    ) -> torch.Tensor:
        inner_F, gate_F = joined_X.chunk(2, dim=-1)
        active_F = activation(inner_F)
        ctx.save_for_backward(joined_X, active_F)
        ctx.derivative = derivative
        return active_F * gate_F

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_gated_F: torch.Tensor) -> tuple[torch.Tensor, None, None]:
        joined_X, active_F = ctx.saved_tensors
        inner_F, gate_F = joined_X.chunk(2, dim=-1)
        d_joined_X = torch.empty_like(joined_X)
        d_inner_F, d_gate_F = d_joined_X.chunk(2, dim=-1)
        torch.mul(d_gated_F, active_F, out=d_gate_F)
        ctx.derivative(d_gated_F * gate_F, inner_F, d_inner_F)
        return d_joined_X, None, None


def _gelu_backward(d_active_F: torch.Tensor, inner_F: torch.Tensor, out_F: torch.Tensor) -> None:
    torch.ops.aten.gelu_backward.grad_input(d_active_F, inner_F, grad_input=out_F)


def _silu_backward(d_active_F: torch.Tensor, inner_F: torch.Tensor, out_F: torch.Tensor) -> None:
    torch.ops.aten.silu_backward.grad_input(d_active_F, inner_F, grad_input=out_F)
