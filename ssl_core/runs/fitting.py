"""Which recorded run belongs to which settings: compared by what was asked, not by how long or how exactly it was computed.

Budget, precision, device, optimiser, seed and probe sentences may differ. A setting that was added after the recording counts
as it is by default; one that no longer exists counts for nothing.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from ssl_core import objectives
from ssl_core.config import Config
from ssl_core.runs.spec import RunSpec

Saved = Mapping[str, Any]

QUESTION = ("task", "corpus", "task_settings", "tokenizer")
"""What the baselines depend on, beside how the held-out text is read."""

MEASURED = ("judged", "training_tokens")
"""Settings of the training that change what a loss means, or from which text the baselines are counted."""

NETWORK = ("model", "mistake", "start", "start_step")
COMPUTED = ("precision", "device", "threads", "pace")
"""Settings of the training that say how it is computed: they move the curve by a hair, or not at all."""


def has_same_baselines(spec: RunSpec, recorded: Saved) -> bool:
    """Return whether the baselines and the floor of a recorded run hold for this one, too."""
    measured = MEASURED + (("batch_size",) if _compares_rows(spec) else ())
    return _alike(spec, recorded, QUESTION) and _alike(spec.training, _part(recorded, "training"), measured)


def fits(spec: RunSpec, recorded: Saved) -> bool:
    """Return whether a recorded run shows what this one will do: the same question to the same network."""
    return has_same_baselines(spec, recorded) and _alike(spec, recorded, NETWORK)


def goes_alike(spec: RunSpec, recorded: Saved) -> bool:
    """Return whether a recorded run is this very run: trained in the same way for as long, however it was computed."""
    training = tuple(each.name for each in dataclasses.fields(spec.training) if each.name not in COMPUTED)
    return fits(spec, recorded) and _alike(spec.training, _part(recorded, "training"), training)


def has_same_vocabulary(spec: RunSpec, recorded: Saved) -> bool:
    """Return whether both runs cut the same text by the same rules, so that both know as many tokens."""
    return _alike(spec, recorded, ("corpus", "tokenizer"))


def _compares_rows(spec: RunSpec) -> bool:
    return bool(objectives.objective(spec.task).COMPARES_ROWS)


def _alike(asked: Config, recorded: Saved, names: tuple[str, ...]) -> bool:
    defaults = {each.name: each for each in dataclasses.fields(asked)}
    for name in names:
        value = getattr(asked, name)
        if isinstance(value, Config):
            if not _alike(value, _part(recorded, name), tuple(each.name for each in dataclasses.fields(value))):
                return False
        elif recorded.get(name, _default(defaults[name])) != value:
            return False
    return True


def _default(field: dataclasses.Field[Any]) -> Any:
    return field.default if field.default_factory is dataclasses.MISSING else field.default_factory()


def _part(recorded: Saved, name: str) -> Saved:
    part = recorded.get(name)
    return part if isinstance(part, Mapping) else {}
