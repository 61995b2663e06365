"""Which token stands at each place that is asked for, in a drawn order: each is seen by those that come after it."""

# B batch, T tokens, N predicted positions, V vocabulary

from typing import Any

from ssl_core import models
from ssl_core.objectives.base import Look, Part
from ssl_core.objectives.tokens import COMPARES_ROWS, DRAWS, asked, extra_parameters, heads, measures

__all__ = ["COMPARES_ROWS", "DRAWS", "asked", "extra_parameters", "heads", "look", "measures"]


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Ask for every predicted token by the query stream, all ranks at once; the loss is nats per token."""
    from ssl_core.losses.masked_cross_entropy import masked_cross_entropy

    kind = models.family(network.config.model_type)
    asked_ND = kind.asked_ND(network, batch.seen_ids_BT, batch.positions_N, batch.ranks_BT)
    loss = masked_cross_entropy(kind.logits_NV(network, asked_ND), batch.target_ids_N)
    return Look({"tokens": Part.of_mean(loss, len(batch.target_ids_N))})
