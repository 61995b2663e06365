"""What sets one run's settings apart from those that are usual, as dotted names and short texts: for an address or a list."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from ssl_core import pretext
from ssl_core.config import Config, knobs
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.models.config import ModelConfig
from ssl_core.runs.spec import RunSpec
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training.config import TrainingConfig

PARTS = ("task_settings", "tokenizer", "model", "training")
MAX_CHARACTERS = 80


def names() -> frozenset[str]:
    """Return every dotted name that a run of any task can have: ``training.budget``, ``seed``."""
    kinds = [("task_settings", pretext.task(key).Config) for key in pretext.MENU]
    kinds += [("tokenizer", TokenizerConfig), ("model", ModelConfig), ("training", TrainingConfig)]
    return frozenset({f"{part}.{name}" for part, config in kinds for name in knobs(config)} | set(knobs(RunSpec)))


def of(spec: RunSpec, usual: RunSpec) -> dict[str, str]:
    """Return what ``spec`` sets otherwise than ``usual``, a run of the same task, by dotted name; its sentences stay out."""
    theirs = dict(_values(usual))
    return {name: _written(value) for name, value in _values(spec) if value != theirs[name]}


def applied(usual: RunSpec, given: Mapping[str, str]) -> RunSpec:
    """Return ``usual`` with what ``given`` says, by dotted name: the inverse of ``of``. The texts may be anybody's.

    Raises: UserError if this task has no such setting, or it can't have this value.
    """
    kinds, changed = dict(_kinds(usual)), {}
    for name, text in given.items():
        if name not in kinds:
            raise UserError(N_("This task has no setting {name!r}."), name=name[:MAX_CHARACTERS])
        changed[name] = _read(name, text, kinds[name])
    own = {name: value for name, value in changed.items() if "." not in name}
    parts: dict[str, Any] = {}
    for part in PARTS:
        inner = {name.removeprefix(f"{part}."): value for name, value in changed.items() if name.startswith(f"{part}.")}
        if inner:
            parts[part] = replace(getattr(usual, part), **inner)
    return replace(usual, **parts, **own)


def _values(spec: RunSpec) -> Iterator[tuple[str, Any]]:
    for part in PARTS:
        config: Config = getattr(spec, part)
        yield from ((f"{part}.{name}", getattr(config, name)) for name in knobs(type(config)))
    yield from ((name, getattr(spec, name)) for name in knobs(RunSpec))


def _kinds(spec: RunSpec) -> Iterator[tuple[str, Any]]:
    for part in PARTS:
        config: Config = getattr(spec, part)
        yield from ((f"{part}.{each.name}", each.type) for each in fields(config) if each.name in knobs(type(config)))
    yield from ((each.name, each.type) for each in fields(spec) if each.name in knobs(RunSpec))


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _read(name: str, text: str, kind: Any) -> Any:
    """Return the value of a kind (bool, int, float or str) that a text stands for."""
    try:
        if kind is bool:
            return {"true": True, "false": False}[text]
        if kind is float and not math.isfinite(float(text)):
            raise ValueError(text)
        return kind(text)
    except (ValueError, KeyError):
        problem = N_("{name} can't be {text!r}.")
        raise UserError(problem, name=name, text=text[:MAX_CHARACTERS]) from None
