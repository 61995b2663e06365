"""What a run computed with: number formats and threads that its settings left to the machine. Needs no torch."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec

NAMES = ("precision", "optimizer_precision", "threads")


def arithmetic(record: RunRecord) -> Mapping[str, Any] | None:
    """Return the values of a ``models.arithmetic.Arithmetic`` that a run began with; None before its start."""
    begun = record.latest("started")
    found: Mapping[str, Any] | None = begun.payload.get("arithmetic") if begun is not None else None
    return found


def as_begun(spec: RunSpec, record: RunRecord) -> RunSpec:
    """Return a run's settings with what it computed with, so that it repeats; as they are before its start."""
    chosen = arithmetic(record)
    if chosen is None:
        return spec
    return replace(spec, training=replace(spec.training, **{name: chosen[name] for name in NAMES}))
