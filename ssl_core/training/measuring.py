"""Which number format and how many threads are fastest here: a layer's step and Muon's products, tried for an instant."""

# N sequences, T tokens, D width, X = 3 * D, F inner width, R rows, C columns, M matrices

import time
from collections.abc import Callable
from functools import partial

import torch
from torch.nn import functional

from ssl_core.models import processor
from ssl_core.models.arithmetic import Arithmetic, Shape
from ssl_core.models.attention import attend, window_bias_TT
from ssl_core.training.muon import COEFFICIENTS, LONG, orthogonalised

LIMIT_S = 0.3
"""No more than this is spent on one shape; what could not be tried by then is not chosen."""

MAX_TOKENS = 1024
TRIES = 3
CLEARLY_SLOWER = 1.5
"""Where a plain product in bfloat16 takes so many times as long, nothing larger is tried in it: it may take seconds."""

WORTH_IT = 1.05
"""Twice the threads must be faster by this factor; else the core is left to others."""

MAX_THREADS = 4
"""More threads than this make a network of a few million parameters slower, not faster."""

UNDISTURBED = 0.9
"""Share of the time during which a lone thread must have had a core."""

ALL_AT_WORK = 0.7
"""The same for several threads, which also wait for each other: 0.9 alone on two cores, 0.5 beside a process that needs one."""

FORMATS = {"fp32": torch.float32, "bf16": torch.bfloat16}


class Layer:
    """One layer of a network: queries, keys and values, attention, gated inner layer; forward and backward."""

    def __init__(self, shape: Shape) -> None:
        """Draw weights and vectors; of large batches a part stands for the whole."""
        D, T, F = shape.width, shape.context_tokens, 3 * shape.width
        N = max(1, min(shape.num_sequences, MAX_TOKENS // T))
        draw = torch.Generator().manual_seed(0)
        sides = ((3 * D, D), (D, D), (2 * F, D), (D, F))
        self._weights = [torch.randn(side, generator=draw).mul_(0.02).requires_grad_() for side in sides]
        self._x_NTD = torch.randn(N, T, D, generator=draw).requires_grad_()
        self._heads, self._bias_TT = shape.heads, window_bias_TT(T, None, torch.device("cpu"))
        self.flops = 6 * N * T * (sum(each.numel() for each in self._weights) + 2 * T * D)

    def step(self, precision: str) -> None:
        """Take one step, forward and backward, in a number format."""
        joined, out, inner, last = self._weights
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            x_NTD = functional.layer_norm(self._x_NTD, self._x_NTD.shape[-1:])
            x_NTD = self._x_NTD + functional.linear(attend(functional.linear(x_NTD, joined), self._heads, self._bias_TT), out)
            inner_NTF, gate_NTF = functional.linear(functional.layer_norm(x_NTD, x_NTD.shape[-1:]), inner).chunk(2, dim=-1)
            x_NTD = x_NTD + functional.linear(functional.gelu(inner_NTF) * gate_NTF, last)
        x_NTD.float().sum().backward()  # type: ignore[no-untyped-call]


class Trial:
    """Takes times until its limit is reached, and notes whether the processor was its own meanwhile."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        """Start the clock."""
        self._ends_at = time.perf_counter() + limit_s
        self._waited_s = self._spent_s = 0.0

    def best_s(self, *actions: Callable[[], object], tries: int = TRIES) -> list[float]:
        """Return the shortest time of each action, tried in turns; each is tried once, whatever the time."""
        best = [float("inf")] * len(actions)
        for turn in range(tries + 1):  # the first turn also allocates and prepares
            for number, action in enumerate(actions):
                if turn and time.perf_counter() > self._ends_at and best[number] < float("inf"):
                    continue
                began, spent = time.perf_counter(), time.thread_time()
                action()
                took_s = time.perf_counter() - began
                best[number] = min(best[number], took_s)
                self._waited_s, self._spent_s = self._waited_s + took_s, self._spent_s + time.thread_time() - spent
        return best

    @property
    def is_disturbed(self) -> bool:
        """True if other work held this thread up."""
        return self._spent_s < UNDISTURBED * self._waited_s


def measure(shape: Shape, *, max_threads: int | None = None) -> Arithmetic:
    """Try number formats, then numbers of threads, and return the fastest; leaves the number of threads as it was.

    ``max_threads`` limits what is tried (default: the cores of this process, at most ``MAX_THREADS``). Beside other work a
    run gets one thread: several wait for each other at each product, and the slowest sets the pace.
    """
    before, trial, layer = torch.get_num_threads(), Trial(), Layer(shape)
    cores = min(processor.num_cores(), MAX_THREADS) if max_threads is None else max_threads
    try:
        torch.set_num_threads(1)
        precision, slowdown = _format_of(trial, _product(shape), layer.step)
        stacked = _stacked(shape)
        optimizer_precision, optimizer_slowdown = _format_of(
            trial, _product(shape, is_stacked=True), lambda format: orthogonalised(stacked, FORMATS[format])
        )
        optimizer_s = trial.best_s(lambda: orthogonalised(stacked, FORMATS[optimizer_precision]), tries=1)[0]
        is_disturbed = trial.is_disturbed  # asked before several threads are tried, for which this one waits
        threads, layer_s, is_held_up = _threads(trial, lambda: layer.step(precision), 1 if is_disturbed else cores)
    finally:
        torch.set_num_threads(before)
    return Arithmetic(
        precision=precision,
        optimizer_precision=optimizer_precision,
        threads=threads,
        bf16_slowdown=round(slowdown, 3),
        optimizer_bf16_slowdown=round(optimizer_slowdown, 3),
        flops_per_s=round(layer.flops / layer_s),
        optimizer_flops_per_s=round(orthogonalisation_flops(*stacked.shape) / optimizer_s),
        is_disturbed=is_disturbed or is_held_up,
    )


def _format_of(trial: Trial, product: Callable[[str], object], whole: Callable[[str], object]) -> tuple[str, float]:
    """Return the faster number format and how many times as long bfloat16 takes, by a plain product or by the whole."""
    fp32_s, bf16_s = 1.0, 1.0
    for action, limit in ((product, CLEARLY_SLOWER), (whole, 1.0)):
        fp32_s, bf16_s = trial.best_s(partial(action, "fp32"), partial(action, "bf16"))
        if bf16_s > limit * fp32_s:
            return "fp32", bf16_s / fp32_s
    return "bf16", bf16_s / fp32_s


def _threads(trial: Trial, step: Callable[[], object], max_threads: int) -> tuple[int, float, bool]:
    """Return the number of threads with which a step is fastest, how long it takes, and whether more were held up."""
    counts = [count for count in (1, 2, 4, 8) if count <= max_threads]
    worked_s = wanted_s = 0.0

    def with_threads(count: int) -> None:
        nonlocal worked_s, wanted_s
        torch.set_num_threads(count)
        began, spent = time.perf_counter(), time.process_time()
        step()
        if count > 1:
            worked_s, wanted_s = worked_s + time.process_time() - spent, wanted_s + count * (time.perf_counter() - began)

    times_s = trial.best_s(*(partial(with_threads, count) for count in counts))
    chosen, best_s = counts[0], times_s[0]
    for count, took_s in zip(counts[1:], times_s[1:], strict=True):
        if took_s * WORTH_IT < best_s:
            chosen, best_s = count, took_s
    return chosen, best_s, chosen < counts[-1] and worked_s < ALL_AT_WORK * wanted_s


def _product(shape: Shape, *, is_stacked: bool = False) -> Callable[[str], object]:
    """Return one small product in the number format it is called with: of a layer, or of Muon's stacked matrices."""
    width = shape.width
    sides = ((2, width, width), (2, width, width)) if is_stacked else ((256, width), (width, 3 * width))
    pairs = {name: [torch.ones(side, dtype=dtype) for side in sides] for name, dtype in FORMATS.items()}
    return lambda name: torch.matmul(*pairs[name])


def _stacked(shape: Shape) -> torch.Tensor:
    """Return matrices as Muon updates them."""
    draw = torch.Generator().manual_seed(1)
    return torch.randn(2, 3 * shape.width, shape.width, generator=draw)


def orthogonalisation_flops(M: int, R: int, C: int) -> int:
    """Return the sums and products of ``muon.orthogonalised`` on M matrices of R x C in float32."""
    short, long = min(R, C), max(R, C)
    if long < LONG * short:
        return M * len(COEFFICIENTS) * (4 * short**2 * long + 2 * short**3)
    return M * (4 * short**2 * long + 2 * short**3 * (4 * len(COEFFICIENTS) - 3))
