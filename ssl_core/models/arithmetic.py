"""How this machine computes fastest, as it was measured here: number formats and threads. Needs no torch.

``training.measuring`` measures once for each processor, torch version and shape of a step; the outcome is kept on disk.
Estimates of a run's speed build on it: ``nearest(Shape.of(spec))``.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ssl_core import paths
from ssl_core.i18n import N_, _
from ssl_core.models import processor
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from ssl_core.runs.spec import RunSpec

FORMATS = {"bf16": "bfloat16", "fp32": "float32"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What the speed of a step depends on: the width of a layer, its heads, and the rows of tokens in a batch."""

    width: int
    heads: int
    context_tokens: int
    num_sequences: int

    @classmethod
    def of(cls, spec: "RunSpec") -> "Shape":
        """Return the shape of a run's batches."""
        size = SIZES[spec.model.size]
        return cls(
            width=size.width,
            heads=size.heads,
            context_tokens=spec.model.context_tokens,
            num_sequences=spec.training.batch_size,
        )

    @property
    def work(self) -> int:
        """How much one layer has to do, compared with others."""
        return self.num_sequences * self.context_tokens * self.width**2


@dataclass(frozen=True, slots=True, kw_only=True)
class Arithmetic:
    """What a run computes with, and why.

    The slowdowns are the time of bfloat16 over that of float32, measured here; None where nothing was measured, because
    the format was asked for or follows from the device. ``flops_per_s`` is what a layer's step reached with the choice,
    ``optimizer_flops_per_s`` what Muon's products reached; 0 where nothing was measured.
    """

    precision: str
    optimizer_precision: str
    threads: int
    bf16_slowdown: float | None = None
    optimizer_bf16_slowdown: float | None = None
    flops_per_s: float = 0.0
    optimizer_flops_per_s: float = 0.0
    is_disturbed: bool = False  # other work took the processor meanwhile: to be measured again

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, for the record of a run."""
        return asdict(self)


def told(chosen: Mapping[str, Any]) -> tuple[str, str]:
    """Say the number format of a run, and why: ("float32", "bfloat16 is 5 × slower on this processor").

    ``chosen`` holds the values of an ``Arithmetic`` as JSON; the second text is "" where nothing was measured.
    """
    name, slowdown = FORMATS[chosen["precision"]], chosen["bf16_slowdown"]
    if not slowdown:
        return name, ""
    if slowdown >= 1:
        return name, _("bfloat16 is {times} × slower on this processor").format(times=_two_digits(slowdown))
    return name, _("{times} × as fast as float32 on this processor").format(times=_two_digits(1 / slowdown))


def sentence(chosen: Mapping[str, Any]) -> str:
    """Say what a run computes with, in one line."""
    name, reason = told(chosen)
    threads = chosen["threads"]
    counted = _("1 thread") if threads == 1 else _("{count} threads").format(count=threads)
    return _(ALONE if not reason else WITH_REASON).format(format=name, reason=reason, threads=counted)


ALONE, WITH_REASON = N_("{format}, {threads}"), N_("{format}: {reason}; {threads}")


def _two_digits(number: float) -> str:
    return f"{number:.0f}" if number >= 9.95 else f"{number:.1f}".removesuffix(".0")


def kept(shape: Shape) -> Arithmetic | None:
    """Return what was measured on this machine for a shape, or None."""
    return all_kept().get(shape)


def nearest(shape: Shape) -> Arithmetic | None:
    """Return what was measured on this machine for the shape that is most like this one; None if nothing was."""
    known = all_kept()
    if not known:
        return None
    return known[min(known, key=lambda other: (other != shape, abs(math.log(other.work / shape.work))))]


def all_kept() -> dict[Shape, Arithmetic]:
    """Return everything that was measured on this machine, by shape."""
    try:
        entries = _read().get(processor.fingerprint(), [])
        return {Shape(**each["shape"]): Arithmetic(**each["measured"]) for each in entries}
    except (TypeError, LookupError, AttributeError):  # written by other code, or damaged: to be measured again
        return {}


def keep(shape: Shape, measured: Arithmetic) -> None:
    """Remember what was measured on this machine; the latest counts."""
    entries = [{"shape": asdict(each), "measured": asdict(found)} for each, found in {**all_kept(), shape: measured}.items()]
    whole = {**_read(), processor.fingerprint(): entries}
    with paths.written_whole(_path()) as partial:
        partial.write_text(json.dumps(whole, indent=1), encoding="utf-8")


def _read() -> dict[str, Any]:
    try:
        found = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):  # nothing measured yet, or a file that is no good
        return {}
    return found if isinstance(found, dict) else {}


def _path() -> Path:
    return paths.cache_folder() / "arithmetic.json"
