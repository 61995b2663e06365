"""Which token stands at each hidden place, asked twice: of the place itself, and of the two tokens beside its span."""

# B batch, T tokens, N predicted positions, D width, P places within a span, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core import models
from ssl_core.models.sizes import SIZES
from ssl_core.objectives import tokens
from ssl_core.objectives.base import Look, Part

if TYPE_CHECKING:
    from torch import Tensor, nn

COMPARES_ROWS = False
DRAWS = False
measures = tokens.measures
NUM_PLACES = 32
"""A token further inside its span is taken to be at the last place."""


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count the vectors of places and of the text's edge, then two layers, each with a norm."""
    if not spec.task_settings.boundary_objective:
        return 0
    D = SIZES[spec.model.size].width
    return (NUM_PLACES + 1) * D + (3 * D * D + D + 2 * D) + (D * D + D + 2 * D)


def heads(spec: Any, vocabulary: Any) -> "dict[str, nn.Module]":
    """Return the head that knows only the boundaries of a span, if it is asked for."""
    if not spec.task_settings.boundary_objective:
        return {}
    from torch import nn

    D = SIZES[spec.model.size].width
    layers = nn.Sequential(
        nn.Linear(3 * D, D), nn.GELU(), nn.LayerNorm(D), nn.Linear(D, D), nn.GELU(), nn.LayerNorm(D)
    )  # fmt: skip
    return {"places": nn.Embedding(NUM_PLACES, D), "edge": nn.Embedding(1, D), "boundary": layers}


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Ask for every hidden token; with the boundary objective, ask a second time, and learn from both losses alike."""
    from ssl_core.losses.masked_cross_entropy import masked_cross_entropy

    hidden_BTD = models.family(network.config.model_type).hidden_BTD(network, batch.seen_ids_BT)
    first = tokens.of_hidden(network, hidden_BTD, batch, settings)
    if not settings.boundary_objective or not len(batch.target_ids_N):
        return first
    by_boundary = masked_cross_entropy(boundary_logits_NV(network, hidden_BTD.flatten(0, 1), batch), batch.target_ids_N)
    parts = first.parts | {"boundary_nats": Part.of_mean(by_boundary, len(batch.target_ids_N))}
    return Look(parts, weights=dict.fromkeys(parts, 1.0))


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the hidden tokens; with the boundary objective each is asked for twice."""
    counts = tokens.asked(batch, settings)
    return counts | {"boundary_nats": counts["tokens"]} if settings.boundary_objective else counts


def boundary_logits_NV(network: Any, hidden_ED: "Tensor", batch: Any) -> "Tensor":
    """Score every token for each hidden place, from the vectors left and right of its span and from its place in it.

    The network's own output layer scores, so that both losses teach the same vectors of tokens.
    Source: Joshi et al. 2019, arXiv:1907.10529, section 3.2. Differs: where the row ends with the span, a learnt vector
    stands for the missing side; there [CLS] and [SEP] stand at both ends.
    """
    import torch
    from torch.nn import functional

    heads, edge = network.heads, len(hidden_ED)
    left_N, right_N, place_N = boundaries(batch.positions_N, batch.seen_ids_BT.shape[1])
    with_edge_ED = torch.cat((hidden_ED, heads["edge"].weight.to(hidden_ED.dtype)))
    left_ND, right_ND = (functional.embedding(torch.where(each < 0, edge, each), with_edge_ED) for each in (left_N, right_N))
    known_NX = torch.cat((left_ND, right_ND, heads["places"](place_N).to(hidden_ED.dtype)), dim=-1)
    scores_NV: Tensor = network.get_output_embeddings()(heads["boundary"](known_NX))
    return scores_NV


def boundaries(positions_N: "Tensor", num_tokens: int) -> "tuple[Tensor, Tensor, Tensor]":
    """Return for each hidden position the positions left and right of its span, and its place in the span, from 0.

    Positions count through the batch row by row, as in a batch; -1 where the row ends with the span.
    """
    import torch

    N = len(positions_N)
    goes_on_N = torch.zeros_like(positions_N, dtype=torch.bool)
    goes_on_N[1:] = (positions_N[1:] == positions_N[:-1] + 1) & (positions_N[1:] % num_tokens != 0)
    begin_N = torch.where(goes_on_N, 0, torch.arange(N, device=positions_N.device)).cummax(0).values
    first_N = positions_N[begin_N]
    is_last_N = torch.cat((~goes_on_N[1:], torch.ones(min(N, 1), dtype=torch.bool, device=positions_N.device)))
    last_N = positions_N[is_last_N][(~goes_on_N).cumsum(0) - 1]
    left_N = torch.where(first_N % num_tokens == 0, -1, first_N - 1)
    right_N = torch.where(last_N % num_tokens == num_tokens - 1, -1, last_N + 1)
    return left_N, right_N, (positions_N - first_N).clamp(max=NUM_PLACES - 1)
