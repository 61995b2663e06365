"""What an instrument of the loss lab declares: its scene, its state, its numbers, its guesses and its formulas."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]
Rows = list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number beside the picture; the first of an instrument is its loss. Texts are translated already."""

    key: str
    name: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something to guess about: what is done, the state after it, and what it teaches. Texts are translated already."""

    text: str
    state: State
    lesson: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instrument; ``kind`` names the class in assets/components/loss_lab.js that draws it.

    ``clean`` takes whatever came from an address or a browser and returns a state, or None where it is none. ``read`` and
    ``write`` turn a state into parameters of the address and back. ``data`` is what the instrument needs beside its state.
    """

    key: str
    kind: str
    title: str
    question: str
    formulas: tuple[str, ...]
    prose: str
    usual: Callable[[], State]
    clean: Callable[[Mapping[str, Any]], State | None]
    read: Callable[[Mapping[str, str]], Mapping[str, Any]]
    write: Callable[[State], dict[str, str]]
    numbers: Callable[[State], dict[str, float]]
    figures: Callable[[], Sequence[Figure]]
    data: Callable[[State], dict[str, Any]]
    changes: Callable[[State], Sequence[Change]]
    worked: Callable[[State], Sequence[str]]
    rows: Callable[[State], Rows]


def held(values: Any, length: int | None, low: float, high: float, digits: int = 2) -> list[float] | None:
    """Return a list of so many finite numbers, kept within bounds, or None where it is none."""
    if not isinstance(values, list | tuple) or (length is not None and len(values) != length):
        return None
    found = [number(each) for each in values]
    if any(each is None for each in found):
        return None
    return [round(min(max(each, low), high), digits) + 0.0 for each in found if each is not None]


def number(value: Any) -> float | None:
    """Return a finite number, or None; a text of up to 24 characters may hold one."""
    if isinstance(value, bool) or not isinstance(value, int | float | str) or (isinstance(value, str) and len(value) > 24):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def listed(text: str | None) -> list[str] | None:
    """Return what stands between the commas of a parameter."""
    return text.split(",") if text and len(text) < 500 else None


def commas(values: Sequence[float]) -> str:
    """Write numbers as a parameter of the address."""
    return ",".join(f"{each:g}" for each in values)


def moves(*pairs: tuple[str, str]) -> list[dict[str, str]]:
    """Return the buttons below an instrument: a method of its class, and what stands on it."""
    return [{"key": key, "title": title} for key, title in pairs]


def tex(value: float) -> str:
    """Write a number for a formula: three significant digits, no exponent."""
    if abs(value) < 5e-5:
        return "0"
    return f"{float(f'{value:.3g}'):,}".removesuffix(".0").replace(",", r"{,}")
