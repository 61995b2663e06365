"""How does the second text of a row stand to the first? One class a row."""

# B rows, T tokens, D width, C classes

from collections.abc import Sequence
from typing import Any

from ssl_core import pretext
from ssl_core.models.sizes import SIZES
from ssl_core.objectives import classes
from ssl_core.objectives.base import Look

COMPARES_ROWS = False
DRAWS = False
asked = classes.asked


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count one inner layer over both texts and how they agree and differ, and a score for each class."""
    D, C = SIZES[spec.model.size].width, num_classes(spec)
    return (4 * D * D + D) + (D * C + C)


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return the part that compares two texts."""
    from torch import nn

    D = SIZES[spec.model.size].width
    return {"pair": nn.Sequential(nn.Linear(4 * D, D), nn.GELU(), nn.Linear(D, num_classes(spec)))}


def num_classes(spec: Any) -> int:
    """Return how many answers the run's task knows."""
    return len(pretext.task(spec.task).class_names(spec.task_settings))


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Score the classes of each row; the loss is nats per row."""
    return of_hidden(network, classes.hidden_BTD(network, batch.seen_ids_BT, batch.segments_BT), batch, settings)


def of_hidden(network: Any, hidden_BTD: Any, batch: Any, settings: Any) -> Look:
    """Score what a pass has found out already; see ``look``."""
    found = classes.scored(_compared_BC(network, hidden_BTD, batch.seen_ids_BT, batch.segments_BT), batch.labels_B)
    per_order = getattr(settings, "classes_per_order", None)  # of a task that asks for an order and for something more
    if per_order:
        found.seen["order"] = found.seen["guess"] // per_order == found.seen["label"] // per_order
    return found


def scores_BC(network: Any, seen_ids_BT: Any, segments_BT: Any) -> Any:
    """Read both texts together, then compare what stands in each: their mean vectors, how they differ and how they agree.

    Differs from BERT, which asks the vector of [CLS]: that needs attention to have learnt first what to gather there.
    Source: the features u, v, |u - v|, u * v of Conneau et al. 2017, InferSent, arXiv:1705.02364, section 3.1.
    """
    return _compared_BC(network, classes.hidden_BTD(network, seen_ids_BT, segments_BT), seen_ids_BT, segments_BT)


def _compared_BC(network: Any, hidden_BTD: Any, seen_ids_BT: Any, segments_BT: Any) -> Any:
    import torch

    is_word_BT = classes.is_word_BT(seen_ids_BT)
    u_BD, v_BD = (classes.mean_BD(hidden_BTD, is_word_BT & (segments_BT == segment)) for segment in (0, 1))
    return network.heads["pair"](torch.cat([u_BD, v_BD, (u_BD - v_BD).abs(), u_BD * v_BD], dim=1))


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Return the share of rows told right, and for each class the share of its rows that was found.

    Where a task asks for an order and for something more, also the share of rows whose order was told right.
    """
    import torch

    guess, label = classes.told(looks)
    is_right = (guess == label).double()
    if not len(label):
        return {}
    found = {"accuracy": float(is_right.mean())}
    if all("order" in look.seen for look in looks):
        found["order"] = float(torch.cat([look.seen["order"] for look in looks]).double().mean())
    return found | {f"recall_{each}": float(is_right[label == each].mean()) for each in sorted(set(label.tolist()))}
