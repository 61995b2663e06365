"""Attention that knows how far away a token is, for tokens and for queries about places at once, as ``xlnet`` needs it.

A score has two parts: how well a key answers the query, and how well its distance does. A query meets all 2 T distances, and
then takes for each token the one that lies between them.
"""

# B batch, T tokens, C content queries (T or none), M queries about places, S = C + M, H heads, K width of a head, D = H * K,
# X = 2 * D, P = 2 * T distances, N = H * B

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from torch.autograd.function import once_differentiable


@dataclass(frozen=True, slots=True)
class View:
    """Who sees what, and from where; the same in all layers."""

    bias_BST: torch.Tensor  # 0 where a query may see a token, minus infinity where it may not
    place_BM: torch.Tensor  # where the queries behind the first C stand; the first C are the tokens themselves

    def without_content(self) -> "View":
        """Return the view of the queries about places alone."""
        return View(self.bias_BST[:, self.bias_BST.shape[2] :], self.place_BM)


def attend(
    query_BSD: torch.Tensor,
    joined_BTX: torch.Tensor,
    way_PD: torch.Tensor,
    content_bias_HK: torch.Tensor,
    distance_bias_HK: torch.Tensor,
    view: View,
    dropout: float = 0.0,
) -> torch.Tensor:
    """Mix the values by how well keys and distances answer queries: softmax(((q + u)·k + (q + v)·w) / √K + bias) values.

    ``joined_BTX`` holds keys and values side by side, ``way_PD`` the keys w of the distances from T down to 1 - T, u and v
    are the two biases.
    Returns: mixed_BSD, the heads side by side again.
    Source:  Dai et al. 2019, arXiv:1901.02860, section 3.3.
    """
    mixed_BSD: torch.Tensor = _Attention.apply(  # type: ignore[no-untyped-call]
        query_BSD, joined_BTX, way_PD, content_bias_HK, distance_bias_HK, view, dropout
    )
    return mixed_BSD


class _Attention(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        query_BSD: torch.Tensor,
        joined_BTX: torch.Tensor,
        way_PD: torch.Tensor,
        content_bias_HK: torch.Tensor,
        distance_bias_HK: torch.Tensor,
        view: View,
        dropout: float,
    ) -> torch.Tensor:
        (B, S, D), T, (H, K) = query_BSD.shape, joined_BTX.shape[1], content_bias_HK.shape
        P, dtype = len(way_PD), query_BSD.dtype
        with torch.autocast(query_BSD.device.type, enabled=False):
            query_HBSK = query_BSD.view(B, S, H, K).permute(2, 0, 1, 3)
            by_content_NSK = (query_HBSK + content_bias_HK.to(dtype)[:, None, None]).reshape(H * B, S, K)
            by_distance_HZK = (query_HBSK + distance_bias_HK.to(dtype)[:, None, None]).reshape(H, B * S, K)  # Z = B * S
            parts_2NTK = joined_BTX.view(B, T, 2, H, K).permute(2, 3, 0, 1, 4).reshape(2, H * B, T, K)
            way_HPK = way_PD.to(dtype).view(P, H, K).transpose(0, 1).contiguous()
            every_NSP = torch.bmm(by_distance_HZK, way_HPK.mT).view(H * B, S, P)
            scores_NST = torch.baddbmm(_picked(every_NSP, view), by_content_NSK, parts_2NTK[0].mT)
            scores_NST.mul_(K**-0.5).view(H, B, S, T).add_(view.bias_BST.to(dtype))
            weights_NST = scores_NST.softmax(dim=-1)
            kept_NST = torch.empty_like(weights_NST).bernoulli_(1 - dropout).div_(1 - dropout) if dropout else None
            mixed_NSK = torch.bmm(weights_NST if kept_NST is None else weights_NST * kept_NST, parts_2NTK[1])
        ctx.save_for_backward(by_content_NSK, by_distance_HZK, parts_2NTK, way_HPK, weights_NST)
        ctx.kept_NST, ctx.view, ctx.sides = kept_NST, view, (B, S, T, H, K, P)
        return mixed_NSK.view(H, B, S, K).permute(1, 2, 0, 3).reshape(B, S, D)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_mixed_BSD: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        by_content_NSK, by_distance_HZK, parts_2NTK, way_HPK, weights_NST = ctx.saved_tensors
        kept_NST, (B, S, T, H, K, P) = ctx.kept_NST, ctx.sides
        d_mixed_NSK = d_mixed_BSD.view(B, S, H, K).permute(2, 0, 1, 3).reshape(H * B, S, K)
        used_NST = weights_NST if kept_NST is None else weights_NST * kept_NST
        d_parts_2NTK = torch.empty_like(parts_2NTK)
        torch.bmm(used_NST.mT, d_mixed_NSK, out=d_parts_2NTK[1])
        d_weights_NST = torch.bmm(d_mixed_NSK, parts_2NTK[1].mT)
        if kept_NST is not None:
            d_weights_NST.mul_(kept_NST)
        d_scores_NST = torch._softmax_backward_data(d_weights_NST, weights_NST, -1, weights_NST.dtype).mul_(K**-0.5)
        torch.bmm(d_scores_NST.mT, by_content_NSK, out=d_parts_2NTK[0])
        d_by_content_HZK = torch.bmm(d_scores_NST, parts_2NTK[0]).view(H, B * S, K)
        d_every_HZP = _put_back(d_scores_NST, ctx.view, P).view(H, B * S, P)
        d_way_HPK = torch.bmm(d_every_HZP.mT, by_distance_HZK)
        d_by_distance_HZK = torch.bmm(d_every_HZP, way_HPK)
        d_query_HBSK = (d_by_content_HZK + d_by_distance_HZK).view(H, B, S, K)
        return (
            d_query_HBSK.permute(1, 2, 0, 3).reshape(B, S, H * K),
            d_parts_2NTK.view(2, H, B, T, K).permute(2, 3, 0, 1, 4).reshape(B, T, 2 * H * K),
            d_way_HPK.transpose(0, 1).reshape(P, H * K),
            d_by_content_HZK.sum(dim=1),
            d_by_distance_HZK.sum(dim=1),
            None,
            None,
        )


def _picked(every_NSP: torch.Tensor, view: View) -> torch.Tensor:
    """Return, of the scores for all distances, those for the distances to the tokens, (N, S, T)."""
    N, S, P = every_NSP.shape
    places_NMT, num_content = _places(view, N, P), S - view.place_BM.shape[1]
    picked_NST = every_NSP.new_empty(N, S, P // 2)
    picked_NST[:, :num_content] = _diagonal(every_NSP, num_content)
    picked_NST[:, num_content:] = every_NSP[:, num_content:].gather(2, places_NMT)
    return picked_NST


def _put_back(scores_NST: torch.Tensor, view: View, num_distances: int) -> torch.Tensor:
    """Return zeros for all distances but those to the tokens, (N, S, P)."""
    N, S, _ = scores_NST.shape
    places_NMT, num_content = _places(view, N, num_distances), S - view.place_BM.shape[1]
    every_NSP = scores_NST.new_zeros(N, S, num_distances)
    _diagonal(every_NSP, num_content).copy_(scores_NST[:, :num_content])
    every_NSP[:, num_content:].scatter_(2, places_NMT, scores_NST[:, num_content:])
    return every_NSP


def _diagonal(every_NSP: torch.Tensor, num_content: int) -> torch.Tensor:
    """Return a view of the first queries' scores: query i meets token j at distance i - j, in column T - i + j."""
    N, S, P = every_NSP.shape
    return every_NSP.as_strided((N, num_content, P // 2), (S * P, P - 1, 1), every_NSP.storage_offset() + P // 2)


def _places(view: View, num_heads_and_rows: int, num_distances: int) -> torch.Tensor:
    """Return in which column each query about a place finds each token, (N, M, T)."""
    T = num_distances // 2
    column_BMT = T - view.place_BM[:, :, None] + torch.arange(T, device=view.place_BM.device)
    return column_BMT.repeat(num_heads_and_rows // len(column_BMT), 1, 1)


@lru_cache(maxsize=16)
def distances_PD(num_tokens: int, width: int, device: torch.device) -> torch.Tensor:
    """Return a vector for each distance from T down to 1 - T: sines, then cosines, of slower and slower waves.

    Source: Dai et al. 2019, arXiv:1901.02860, section 3.3, after Vaswani et al. 2017, arXiv:1706.03762, section 3.5.
    """
    speed_D2 = 1.0 / 10_000 ** (torch.arange(0, width, 2, dtype=torch.float32, device=device) / width)
    angle_PD2 = torch.arange(num_tokens, -num_tokens, -1, dtype=torch.float32, device=device)[:, None] * speed_D2
    return torch.cat((angle_PD2.sin(), angle_PD2.cos()), dim=-1)
