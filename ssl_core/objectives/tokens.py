"""Which token stands at each position that is asked for?"""

# N predicted positions, V vocabulary

from typing import Any

from ssl_core import models
from ssl_core.objectives.base import Look, Part

COMPARES_ROWS = False
DRAWS = False


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Return 0: the network's own output says it all."""
    return 0


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return none."""
    return {}


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Ask for every predicted token; the loss is nats per token."""
    from ssl_core.losses.masked_cross_entropy import masked_cross_entropy

    logits_NV = models.predict(network, batch.seen_ids_BT, batch.positions_N)
    loss = masked_cross_entropy(logits_NV, batch.target_ids_N)
    return Look({"tokens": Part.of_mean(loss, len(batch.target_ids_N))})


def of_hidden(network: Any, hidden_BTD: Any, batch: Any, settings: Any) -> Look:
    """Score what a pass has found out already; see ``look``. Where no token is asked for, nothing is lost."""
    from torch.nn import functional

    from ssl_core.losses.masked_cross_entropy import masked_cross_entropy

    hidden_ND = functional.embedding(batch.positions_N, hidden_BTD.flatten(0, 1))
    logits_NV = models.family(network.config.model_type).logits_NV(network, hidden_ND)
    num_asked = len(batch.target_ids_N)
    loss = masked_cross_entropy(logits_NV, batch.target_ids_N) if num_asked else logits_NV.float().sum()
    return Look({"tokens": Part.of_mean(loss, num_asked)})


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the tokens that are asked for."""
    return {"tokens": len(batch.target_ids_N)}


def measures(looks: list[Look]) -> dict[str, float]:
    """Measure nothing beside the loss."""
    return {}
