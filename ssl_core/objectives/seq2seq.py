"""What does the decoder write, having read a spoilt text?"""

# U tokens to write, N of them that are asked for, C of these that count in the charted loss, V vocabulary

from typing import Any

from ssl_core import models
from ssl_core.objectives.base import Look, Part
from ssl_core.objectives.tokens import COMPARES_ROWS, DRAWS, extra_parameters, heads
from ssl_core.pretext.base import IGNORED

__all__ = ["COMPARES_ROWS", "DRAWS", "asked", "extra_parameters", "heads", "look", "measures"]


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Ask for every token of the decoder's text, each after the true ones before it.

    All are learnt alike, in nats per token. The charted loss is that of the tokens that count: what was hidden, but neither
    sentinels nor what need only be copied.
    """
    from torch.nn import functional

    target_ids_M = batch.decoder_target_ids_BU.flatten()
    positions_N = (target_ids_M != IGNORED).nonzero().flatten()
    target_ids_N = target_ids_M[positions_N]
    counts_N = batch.decoder_counts_BU.flatten()[positions_N].bool()
    logits_NV = models.write_after(network, batch.seen_ids_BT, batch.decoder_ids_BU, positions_N)
    nats_N = functional.cross_entropy(logits_NV.float(), target_ids_N, reduction="none")
    parts = {
        "counted": Part((nats_N * counts_N).sum(), int(counts_N.sum())),
        "everything": Part(nats_N.sum(), len(nats_N)),
    }
    seen = {"is_right_N": logits_NV.detach().argmax(dim=-1) == target_ids_N, "counts_N": counts_N}
    return Look(parts, seen, {"everything": 1.0})


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the tokens to write."""
    return {"everything": int((batch.decoder_target_ids_BU != IGNORED).sum())}


def measures(looks: list[Look]) -> dict[str, float]:
    """Return the share of tokens that are the network's first choice, among those that count and among the others."""
    import torch

    is_right_N = torch.cat([look.seen["is_right_N"] for look in looks])
    counts_N = torch.cat([look.seen["counts_N"] for look in looks])
    kinds = {"counted_accuracy": is_right_N[counts_N], "others_accuracy": is_right_N[~counts_N]}
    return {name: float(each.float().mean()) for name, each in kinds.items() if len(each)}
