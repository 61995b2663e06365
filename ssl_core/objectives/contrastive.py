"""Which of the other texts is the partner? Two views of one text should be near each other, all others far away."""

# R texts, K views of each, V = R * K rows, W tokens, D width

from collections.abc import Sequence
from typing import Any

from ssl_core import models
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.sizes import SIZES
from ssl_core.objectives.base import Look, Part
from ssl_core.tokenization.base import CLS_ID, PAD_ID

COMPARES_ROWS = True
DRAWS = False  # but for dropout
REPRESENTS = True
TEXTS_AT_ONCE = 64


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count the two layers of the projection head, if there is one."""
    D = SIZES[spec.model.size].width
    return 2 * (D * D + D) if spec.task_settings.projection else 0


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return the projection head, if it is asked for.

    Raises: UserError if the settings leave nothing to learn from.
    """
    from torch import nn

    if spec.training.batch_size < 2:
        raise UserError(N_("A batch of one text has no strangers to tell its partner from. Choose a batch size of 2 or more."))
    if spec.task_settings.views == "dropout" and spec.model.dropout == 0:
        raise UserError(N_("Two readings of one sentence differ by dropout alone, and it is 0. Choose 0.1, or other views."))
    D = SIZES[spec.model.size].width
    has_projection = spec.task_settings.projection
    return {"projection": nn.Sequential(nn.Linear(D, D), nn.ReLU(), nn.Linear(D, D))} if has_projection else {}


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the texts; each is told from those of its own batch only, so that small batches ask less than a large one."""
    return {"contrastive": len(batch.seen_ids_BT) // batch.num_views}


def vectors_BD(network: Any, ids_BT: Any, settings: Any) -> Any:
    """Return one vector a row, before any projection head: what a text is represented by.

    ``ids_BT`` is padded at the right; with pooling "first" each row begins with [CLS].
    """
    is_padding_BT = ids_BT == PAD_ID
    hidden_BTD = models.family(network.config.model_type).hidden_BTD(network, ids_BT, is_padding_BT=is_padding_BT)
    return _pooled_BD(hidden_BTD, ids_BT, settings)


def _pooled_BD(hidden_BTD: Any, ids_BT: Any, settings: Any) -> Any:
    if settings.pooling == "first":
        return hidden_BTD[:, 0]
    weight_BT = (ids_BT != PAD_ID).to(hidden_BTD.dtype)
    return (hidden_BTD * weight_BT.unsqueeze(2)).sum(dim=1) / weight_BT.sum(dim=1, keepdim=True).clamp(min=1)


def represent(network: Any, texts: Sequence[Sequence[int]], settings: Any) -> Any:
    """Return one vector a text, vectors_ND in float32 on the CPU; the network should be at rest.

    ``texts`` are token numbers as they stand in the corpus; they must fit the network's context, with [CLS] if it is used.
    """
    import torch

    mark, device = [CLS_ID] if settings.pooling == "first" else [], next(network.parameters()).device
    found = []
    for begin in range(0, len(texts), TEXTS_AT_ONCE):
        rows = [mark + [int(each) for each in text] for text in texts[begin : begin + TEXTS_AT_ONCE]]
        width = max(map(len, rows))
        ids_BT = torch.tensor([row + [PAD_ID] * (width - len(row)) for row in rows], device=device)
        found.append(vectors_BD(network, ids_BT, settings).float().cpu())
    return torch.cat(found)


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Ask the first view of each text for its second, among the second (and third) views of all texts."""
    was_training = network.training
    network.train(was_training or settings.views == "dropout")  # without dropout the two readings would be one
    z_VD = vectors_BD(network, batch.seen_ids_BT, settings).float()
    network.train(was_training)
    return _of_vectors(network, z_VD, batch, settings)


def of_hidden(network: Any, hidden_VTD: Any, batch: Any, settings: Any) -> Look:
    """Ask what a pass has found out already; see ``look``."""
    return _of_vectors(network, _pooled_BD(hidden_VTD, batch.seen_ids_BT, settings).float(), batch, settings)


def _of_vectors(network: Any, z_VD: Any, batch: Any, settings: Any) -> Look:
    from ssl_core.losses.info_nce import info_nce

    if settings.projection:
        z_VD = network.heads["projection"](z_VD).float()
    anchor_RD, partner_RD, *further = (z_VD[view :: batch.num_views] for view in range(batch.num_views))
    strangers_RD = further[0] if further else None
    loss = info_nce(anchor_RD, partner_RD, settings.temperature, strangers_RD)
    seen = {"anchor": anchor_RD.detach(), "partner": partner_RD.detach()}
    return Look({"contrastive": Part.of_mean(loss, len(anchor_RD))}, seen)


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Say how often the partner was nearest, and how the vectors lie: partners together, all spread out.

    All within each batch, as the loss is, and averaged over the texts.
    """
    import torch

    from ssl_core.losses.alignment import alignment
    from ssl_core.losses.info_nce import similarities
    from ssl_core.losses.uniformity import uniformity

    sums, num_texts = dict.fromkeys(("accuracy", "alignment", "uniformity", "off_diagonal"), 0.0), 0
    for each in (look.seen for look in looks):
        anchor_RD, partner_RD, R = each["anchor"], each["partner"], len(each["anchor"])
        if R < 2:
            continue  # one text alone has no strangers
        similarity_RR = similarities(anchor_RD, partner_RD)
        is_found_R = similarity_RR.argmax(dim=1) == torch.arange(R, device=similarity_RR.device)
        sums["accuracy"] += R * float(is_found_R.double().mean())
        sums["alignment"] += R * float(alignment(anchor_RD, partner_RD))
        sums["uniformity"] += R * float(uniformity(anchor_RD))
        sums["off_diagonal"] += R * float((similarity_RR.sum() - similarity_RR.trace()) / (R * (R - 1)))
        num_texts += R
    return {name: total / num_texts for name, total in sums.items()} if num_texts else {}
