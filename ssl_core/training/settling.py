"""From "auto" to what a run computes with on this machine: by measurement on a CPU, by capability elsewhere."""

from dataclasses import replace
from functools import cache

import torch

from ssl_core.models import arithmetic, processor
from ssl_core.models.arithmetic import Arithmetic, Shape
from ssl_core.runs.spec import RunSpec
from ssl_core.training import measuring
from ssl_core.training.config import AUTO, TrainingConfig


def settle(spec: RunSpec, device: torch.device) -> tuple[RunSpec, Arithmetic]:
    """Return a run with number formats and threads settled, and why they are what they are.

    What the spec names stays as it is, and so does the number of threads that the environment asks for, if it does.
    """
    training = spec.training
    threads = training.threads or processor.given_threads()
    if device.type != "cpu":
        fastest = of_device(device)
    elif threads is None or AUTO in (training.precision, training.optimizer_precision):
        fastest = of_processor(Shape.of(spec))
    else:
        fastest = Arithmetic(precision=training.precision, optimizer_precision=training.optimizer_precision, threads=threads)
    chosen = _with_wishes(fastest, training, threads)
    settled = replace(
        training, precision=chosen.precision, optimizer_precision=chosen.optimizer_precision, threads=chosen.threads
    )
    return replace(spec, training=settled), chosen


def of_processor(shape: Shape) -> Arithmetic:
    """Return what is fastest on this processor: as it was measured earlier, else measured now and kept.

    A measurement is not trusted during which other work took the processor: each process measures once more, until one is.
    """
    known = arithmetic.kept(shape)
    if known is None or known.is_disturbed:
        known = _measured(shape)
        arithmetic.keep(shape, known)
    return known


@cache
def _measured(shape: Shape) -> Arithmetic:
    return measuring.measure(shape)


def of_device(device: torch.device) -> Arithmetic:
    """Return what a graphics card is made for: bfloat16 where it has it."""
    name = "bf16" if has_bfloat16(device) else "fp32"
    return Arithmetic(precision=name, optimizer_precision=name, threads=1)


def has_bfloat16(device: torch.device) -> bool:
    """Return whether a CUDA or MPS device multiplies matrices in bfloat16 by itself."""
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    try:
        ones = torch.ones(8, 8, device=device, dtype=torch.bfloat16)
        return bool(torch.isfinite(ones @ ones).all())
    except (RuntimeError, TypeError):  # how torch says that a device lacks a format
        return False


def _with_wishes(fastest: Arithmetic, training: TrainingConfig, threads: int | None) -> Arithmetic:
    """Put what was asked for in place of what is fastest; a reason stands only where a choice was made."""
    if training.precision != AUTO:
        fastest = replace(fastest, precision=training.precision, bf16_slowdown=None)
    if training.optimizer_precision != AUTO:
        fastest = replace(fastest, optimizer_precision=training.optimizer_precision, optimizer_bf16_slowdown=None)
    return replace(fastest, threads=threads or fastest.threads)
