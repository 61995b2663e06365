"""Is this token the original, or did a generator put it here?"""

# B batch, T tokens, N hidden tokens, M tokens that count, V vocabulary, D width

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ssl_core import models
from ssl_core.objectives.base import Look, Part
from ssl_core.tokenization.base import SPECIAL_TOKENS

if TYPE_CHECKING:
    from torch import Tensor

COMPARES_ROWS = False
DRAWS = True


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count the generator, less its table where it shares the network's, then a layer and one score a token."""
    D, G, V = *_widths(spec), vocabulary.size_with_sentinels
    own = models.parameter_count(_generator(spec), V)
    if spec.task_settings.shared_embeddings:
        own += (D * G if D != G else 0) - V * G
    return own + (D * D + D) + (D + 1)


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return the generator, the detector, which scores each token's vector, and what makes the network's table as narrow
    as the generator, where both share it.
    """
    from torch import nn

    from ssl_core.models.shared_embeddings import projection

    D, G = _widths(spec)
    generator = models.family(spec.model.family).build(_generator(spec), vocabulary.size_with_sentinels)
    made = {"generator": generator, "detector": nn.Sequential(nn.Linear(D, D), nn.GELU(), nn.Linear(D, 1))}
    narrow = projection(D, G) if spec.task_settings.shared_embeddings else None
    return made if narrow is None else {**made, "narrow": narrow}


def join(network: Any, spec: Any) -> None:
    """Let the generator read and write with the network's token embeddings, as in the paper."""
    from ssl_core.models.shared_embeddings import share

    if spec.task_settings.shared_embeddings:
        heads = dict(network.heads.items())
        share(network, heads["generator"], heads.get("narrow"))


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Let the generator fill the gaps, then ask of every token whether it is the original.

    All tokens count but the special ones. No gradient goes from the detector to the generator: what is drawn has none.
    Source: Clark et al. 2020, arXiv:2003.10555, section 2.
    """
    from ssl_core.losses.binary_cross_entropy import binary_cross_entropy
    from ssl_core.losses.masked_cross_entropy import masked_cross_entropy

    logits_NV = models.predict(network.heads["generator"], batch.seen_ids_BT, batch.positions_N)
    generator_loss = masked_cross_entropy(logits_NV, batch.target_ids_N)
    original_BT = with_tokens(batch.seen_ids_BT, batch.positions_N, batch.target_ids_N)
    filled_BT = with_tokens(batch.seen_ids_BT, batch.positions_N, drawn_N(logits_NV, settings.temperature))
    counts_BT = original_BT >= len(SPECIAL_TOKENS)
    logits_M, is_replaced_M = logits_of_replaced(network, filled_BT)[counts_BT], (filled_BT != original_BT)[counts_BT]
    loss = binary_cross_entropy(logits_M, is_replaced_M)
    return Look(
        {"detector": Part.of_mean(loss, len(logits_M)), "generator": Part.of_mean(generator_loss, len(batch.target_ids_N))},
        {"logits_M": logits_M.detach().float(), "is_replaced_M": is_replaced_M},
        {"generator": 1.0, "detector": settings.detection_weight},
    )


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the hidden tokens, and all but the special ones, as they were before some were hidden."""
    original_BT = with_tokens(batch.seen_ids_BT, batch.positions_N, batch.target_ids_N)
    return {"generator": len(batch.target_ids_N), "detector": int((original_BT >= len(SPECIAL_TOKENS)).sum())}


def logits_of_replaced(network: Any, ids_BT: "Tensor") -> "Tensor":
    """Return for each token how sure the network is that it was replaced: logits_BT, above 0 for yes."""
    hidden_BTD = models.family(network.config.model_type).hidden_BTD(network, ids_BT)
    logits_BT: Tensor = network.heads["detector"](hidden_BTD).squeeze(-1)
    return logits_BT


def with_tokens(ids_BT: "Tensor", positions_N: "Tensor", tokens_N: "Tensor") -> "Tensor":
    """Return a copy in which other tokens stand at some positions, counted row by row."""
    return ids_BT.flatten().index_copy(0, positions_N, tokens_N).view_as(ids_BT)


def drawn_N(logits_NV: "Tensor", temperature: float) -> "Tensor":
    """Draw a token for each row of scores, as likely as its score says; above temperature 1 unlikely ones come more often."""
    import torch

    return torch.multinomial((logits_NV.detach().float() / temperature).softmax(dim=-1), 1).squeeze(1)


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Measure what is found, and how often an alarm is right, where an alarm is a chance of a half or more."""
    logits_M, is_replaced_M = _joined(looks)
    is_alarm_M = logits_M >= 0
    num_found = int((is_alarm_M & is_replaced_M).sum())
    num_alarms, num_replaced = int(is_alarm_M.sum()), int(is_replaced_M.sum())
    return {
        "recall": num_found / max(num_replaced, 1),
        "precision": num_found / max(num_alarms, 1),
        "auc": area_under_curve(logits_M, is_replaced_M),
        "base_rate": num_replaced / max(len(logits_M), 1),
    }


def lines(looks: Sequence[Look]) -> dict[str, float | None]:
    """Return what a coin costs, and what it costs to say the base rate always: that falls as the generator gets better."""
    from math import log

    _logits_M, is_replaced_M = _joined(looks)
    rate = float(is_replaced_M.double().mean())
    entropy = -sum(share * log(share) for share in (rate, 1 - rate) if share > 0)
    return {"uniform_nats": log(2), "unigram_nats": entropy, "bigram_nats": None}


def area_under_curve(scores_M: "Tensor", is_true_M: "Tensor") -> float:
    """Return how often a true one scores higher than a false one; ties count half. One half where a kind is missing.

    Source: Mann & Whitney 1947; from mean ranks, so that no pair has to be looked at.
    """
    import torch

    num_true, num_false = int(is_true_M.sum()), int((~is_true_M).sum())
    if not num_true or not num_false:
        return 0.5
    _values, place_M, count_K = torch.unique(scores_M, return_inverse=True, return_counts=True)
    rank_K = count_K.cumsum(0).double() - (count_K - 1) / 2
    sum_of_ranks = float(rank_K[place_M][is_true_M].sum())
    return (sum_of_ranks - num_true * (num_true + 1) / 2) / (num_true * num_false)


def _joined(looks: Sequence[Look]) -> "tuple[Tensor, Tensor]":
    import torch

    return torch.cat([each.seen["logits_M"] for each in looks]), torch.cat([each.seen["is_replaced_M"] for each in looks])


def _widths(spec: Any) -> tuple[int, int]:
    """Return how wide the network is, and how wide its generator."""
    sizes = models.family(spec.model.family).SIZES
    return sizes[spec.model.size].width, sizes[spec.task_settings.generator_size].width


def _generator(spec: Any) -> Any:
    return replace(spec.model, size=spec.task_settings.generator_size)
