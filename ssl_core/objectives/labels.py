"""Which label does this text carry? One class a row, told by the mean of its tokens' vectors."""

# B rows, T tokens, D width, C classes

from collections.abc import Sequence
from typing import Any

from ssl_core.models.sizes import SIZES
from ssl_core.objectives import classes
from ssl_core.objectives.base import Look
from ssl_core.pretext.document_label import MOST_CLASSES

COMPARES_ROWS = False
DRAWS = False
asked = classes.asked


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
    return of_hidden(network, classes.hidden_BTD(network, batch.seen_ids_BT), batch, settings)


def of_hidden(network: Any, hidden_BTD: Any, batch: Any, settings: Any) -> Look:
    """Score what a pass has found out already; see ``look``. Where no row is labelled, nothing is lost."""
    assert batch.labels_B is not None, "a run is refused where nobody knows any labels"
    return classes.scored(_scores_BC(network, hidden_BTD, batch.seen_ids_BT)[:, : batch.num_classes], batch.labels_B)


def class_shares_C(network: Any, ids_1T: Any, num_classes: int) -> Any:
    """Return how likely each class is for one text as it stands in the corpus; the network should be at rest."""
    scores_1C = _scores_BC(network, classes.hidden_BTD(network, ids_1T), ids_1T)
    return scores_1C[0, :num_classes].float().softmax(dim=0)


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Return the share of rows told right, and the share that the most frequent label alone would tell right."""
    import torch

    guess, label = classes.told(looks)
    if not len(label):
        return {}
    return {
        "accuracy": float((guess == label).double().mean()),
        "majority": float(torch.bincount(label).max() / len(label)),
    }


def _scores_BC(network: Any, hidden_BTD: Any, seen_ids_BT: Any) -> Any:
    return network.heads["label"](classes.mean_BD(hidden_BTD, classes.is_word_BT(seen_ids_BT)))
