"""Which label does this text carry? One class a row, told by the mean of its tokens' vectors."""

# B rows, T tokens, D width, C classes

from collections.abc import Sequence
from typing import Any

from ssl_core import models
from ssl_core.models.sizes import SIZES
from ssl_core.objectives.base import Look, Part
from ssl_core.pretext.base import IGNORED
from ssl_core.pretext.document_label import MOST_CLASSES
from ssl_core.tokenization.base import CLS_ID, PAD_ID, SEP_ID

COMPARES_ROWS = False
DRAWS = False


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count a score for each class that there is room for: how many the text has is not known before it is read."""
    D: int = SIZES[spec.model.size].width
    return MOST_CLASSES * (D + 1)


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return one layer that scores the classes."""
    from torch import nn

    return {"label": nn.Linear(SIZES[spec.model.size].width, MOST_CLASSES)}


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Score the classes of each row; the loss is nats per labelled row."""
    return of_hidden(network, _hidden_BTD(network, batch.seen_ids_BT), batch, settings)


def of_hidden(network: Any, hidden_BTD: Any, batch: Any, settings: Any) -> Look:
    """Score what a pass has found out already; see ``look``. Where no row is labelled, nothing is lost."""
    from ssl_core.losses.class_cross_entropy import class_cross_entropy

    assert batch.labels_B is not None, "a run is refused where nobody knows any labels"
    logits_BC = _scores_BC(network, hidden_BTD, batch.seen_ids_BT)[:, : batch.num_classes]
    loss = class_cross_entropy(logits_BC, batch.labels_B)
    is_asked_B = batch.labels_B != IGNORED
    seen = {"guess": logits_BC.detach().argmax(dim=1)[is_asked_B], "label": batch.labels_B[is_asked_B]}
    return Look(loss, {"classes": Part.of_mean(loss, int(is_asked_B.sum()))}, seen)


def class_shares_C(network: Any, ids_1T: Any, num_classes: int) -> Any:
    """Return how likely each class is for one text as it stands in the corpus; the network should be at rest."""
    scores_1C = _scores_BC(network, _hidden_BTD(network, ids_1T), ids_1T)
    return scores_1C[0, :num_classes].float().softmax(dim=0)


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Return the share of rows told right, and the share that the most frequent label alone would tell right."""
    import torch

    guess, label = (torch.cat([look.seen[name] for look in looks]) for name in ("guess", "label"))
    if not len(label):
        return {}
    return {
        "accuracy": float((guess == label).double().mean()),
        "majority": float(torch.bincount(label).max() / len(label)),
    }


def _hidden_BTD(network: Any, seen_ids_BT: Any) -> Any:
    family = models.family(network.config.model_type)
    return family.hidden_BTD(network, seen_ids_BT, is_padding_BT=seen_ids_BT == PAD_ID)


def _scores_BC(network: Any, hidden_BTD: Any, seen_ids_BT: Any) -> Any:
    is_word_BT = (seen_ids_BT != PAD_ID) & (seen_ids_BT != CLS_ID) & (seen_ids_BT != SEP_ID)
    weight_BT = is_word_BT / is_word_BT.sum(dim=1, keepdim=True).clamp(min=1)
    mean_BD = (weight_BT.to(hidden_BTD.dtype).unsqueeze(1) @ hidden_BTD).squeeze(1)
    return network.heads["label"](mean_BD)
