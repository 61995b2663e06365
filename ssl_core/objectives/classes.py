"""What all tasks share that ask for one class a row: reading the row, the mean of its words, and the loss."""

# B rows, T tokens, D width, C classes

from collections.abc import Sequence
from typing import Any

from ssl_core import models
from ssl_core.objectives.base import Look, Part
from ssl_core.pretext.base import IGNORED
from ssl_core.tokenization.base import CLS_ID, PAD_ID, SEP_ID


def hidden_BTD(network: Any, seen_ids_BT: Any, segments_BT: Any = None) -> Any:
    """Read rows that are padded at the right."""
    family = models.family(network.config.model_type)
    return family.hidden_BTD(network, seen_ids_BT, segments_BT=segments_BT, is_padding_BT=seen_ids_BT == PAD_ID)


def is_word_BT(seen_ids_BT: Any) -> Any:
    """Return True where a token belongs to a text and marks no beginning, no end and no padding."""
    return (seen_ids_BT != PAD_ID) & (seen_ids_BT != CLS_ID) & (seen_ids_BT != SEP_ID)


def mean_BD(hidden_BTD: Any, is_mine_BT: Any) -> Any:
    """Return the mean of some of each row's vectors; 0 where there are none."""
    weight_BT = is_mine_BT / is_mine_BT.sum(dim=1, keepdim=True).clamp(min=1)
    return (weight_BT.to(hidden_BTD.dtype).unsqueeze(1) @ hidden_BTD).squeeze(1)


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count the rows that have a class."""
    return {"classes": int((batch.labels_B != IGNORED).sum())}


def scored(logits_BC: Any, labels_B: Any) -> Look:
    """Compare scores with the right classes; the loss is nats per row that has one, and nothing where none has."""
    from ssl_core.losses.class_cross_entropy import class_cross_entropy

    loss = class_cross_entropy(logits_BC, labels_B)
    is_asked_B = labels_B != IGNORED
    seen = {"guess": logits_BC.detach().argmax(dim=1)[is_asked_B], "label": labels_B[is_asked_B]}
    return Look({"classes": Part.of_mean(loss, int(is_asked_B.sum()))}, seen)


def told(looks: Sequence[Look]) -> tuple[Any, Any]:
    """Return the guesses and the right classes of all rows that were asked."""
    import torch

    guess, label = (torch.cat([look.seen[name] for look in looks]) for name in ("guess", "label"))
    return guess, label
