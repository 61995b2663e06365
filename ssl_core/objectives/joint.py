"""Two questions at once: which token stands here, and what the second task wants to know; one pass answers both."""

# B rows, T tokens, D width

from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace
from typing import Any

from ssl_core import pretext
from ssl_core.objectives import classes, labels, tokens
from ssl_core.objectives.base import Look
from ssl_core.pretext.joint import second_settings

COMPARES_ROWS = True  # a contrastive part does
DRAWS = False


def extra_parameters(spec: Any, vocabulary: Any) -> int:
    """Count what the second task learns beside the network."""
    return int(_objective(spec.task_settings).extra_parameters(_second(spec), vocabulary))


def heads(spec: Any, vocabulary: Any) -> dict[str, Any]:
    """Return the second task's."""
    found: dict[str, Any] = _objective(spec.task_settings).heads(_second(spec), vocabulary)
    return found


def look(network: Any, batch: Any, settings: Any) -> Look:
    """Read once, ask twice: the gradient follows the weighted sum of both losses."""
    objective = _objective(settings)
    hidden_BTD = classes.hidden_BTD(network, batch.seen_ids_BT, batch.segments_BT)
    first = tokens.of_hidden(network, hidden_BTD, batch, settings)
    second = objective.of_hidden(network, hidden_BTD, batch, second_settings(settings))
    return Look(
        {"tokens": first.charted, "second": second.charted},
        {f"{_stem(settings)}.{name}": value for name, value in second.seen.items()},
        {"tokens": settings.token_weight, "second": settings.second_weight},
    )


def asked(batch: Any, settings: Any) -> dict[str, int]:
    """Count what each task asks for."""
    second = _objective(settings).asked(batch, second_settings(settings))
    return {**tokens.asked(batch, settings), "second": next(iter(second.values()))}


def measures(looks: Sequence[Look]) -> dict[str, float]:
    """Measure what the second task measures."""
    stem = next(iter(looks[0].seen)).split(".")[0]
    inner = [replace(each, seen={name.removeprefix(f"{stem}."): value for name, value in each.seen.items()}) for each in looks]
    found: dict[str, float] = import_module(f"ssl_core.objectives.{stem}").measures(inner)
    return found


def class_shares_C(network: Any, ids_1T: Any, num_classes: int) -> Any:
    """Return how likely each class is for one text; only where the second task tells labels."""
    return labels.class_shares_C(network, ids_1T, num_classes)


def _stem(settings: Any) -> str:
    return str(pretext.part(settings.second).OBJECTIVE)


def _objective(settings: Any) -> Any:
    return import_module(f"ssl_core.objectives.{_stem(settings)}")


def _second(spec: Any) -> Any:
    """Return what an objective asks of a run, with the second task in the first one's place."""
    settings = spec.task_settings
    own = {"task": settings.second, "task_settings": second_settings(settings)}
    return SimpleNamespace(**own, model=spec.model, training=spec.training)
