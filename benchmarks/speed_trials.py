"""Steps of a preset in every number format and with every number of threads, in turns: one child process of ``speed``.

``python -m benchmarks.speed_trials PRESET ROUNDS`` prints one JSON object.
"""

import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import torch
from torch.utils.flop_counter import FlopCounterMode

from ssl_core.models import processor
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from ssl_core.training.config import AUTO
from ssl_core.training.session import TrainingSession

NO_END = 10**9  # steps: no validation falls due
BLOCK_S = 0.4
HOPELESS = 3.0
"""A choice whose steps take so many times as long as the fastest is not tried again: a round of it would take seconds."""

Choice = tuple[str, str, int]


class Runner:
    """A session that takes steps in blocks."""

    def __init__(self, spec: RunSpec) -> None:
        self.session = TrainingSession(spec)
        self._reports = self.session.steps()
        next(self._reports)
        self.first_s = min(self.block_s(1), self.block_s(1))

    def block_s(self, num_steps: int | None = None) -> float:
        """Return the seconds of a step, the mean of a block."""
        torch.set_num_threads(self.session.spec.training.threads)
        began, steps = time.perf_counter(), 0
        while steps < (num_steps or 1) or (num_steps is None and time.perf_counter() - began < BLOCK_S):
            next(self._reports)
            steps += 1
        return (time.perf_counter() - began) / steps


def main() -> None:
    key, rounds = sys.argv[1], int(sys.argv[2])
    spec = with_choice(presets.spec(key), (AUTO, AUTO, 0))
    threads = sorted({1, min(2, processor.num_cores()), min(4, processor.num_cores())})
    choices: list[Choice] = list(itertools.product(("fp32", "bf16"), ("fp32", "bf16"), threads))
    auto = Runner(spec)
    runners = {choice: Runner(with_choice(spec, choice)) for choice in choices}
    fastest_s = min(each.first_s for each in runners.values())
    in_turn = {choice: each for choice, each in runners.items() if each.first_s < HOPELESS * fastest_s}
    auto_s, peaks, times_s = [], [], {choice: [] for choice in in_turn}
    product = peak_product(auto.session.spec)
    for _ in range(rounds):
        auto_s.append(auto.block_s())
        for choice, runner in in_turn.items():
            times_s[choice].append(runner.block_s())
        peaks.append(product(auto.session.spec.training.threads))
    print(json.dumps(told(auto, auto_s, times_s, runners, peaks)))


def told(
    auto: Runner, auto_s: list[float], times_s: dict[Choice, list[float]], runners: dict[Choice, Runner], peaks: list[float]
) -> dict[str, Any]:
    """Put what was measured into one JSON value; ratios are of one round each."""
    best = min(times_s, key=lambda choice: statistics.median(times_s[choice]))
    with FlopCounterMode(display=False) as counter:
        auto.block_s(1)
    flops, training = counter.get_total_flops(), auto.session.spec.training
    shares = [flops / took_s / peak for took_s, peak in zip(auto_s, peaks, strict=True)]
    return {
        "auto": (training.precision, training.optimizer_precision, training.threads),
        "auto_s": statistics.median(auto_s),
        "best": best,
        "ratio": statistics.median(fixed / own for fixed, own in zip(times_s[best], auto_s, strict=True)),
        "choices": [
            (choice, statistics.median(times_s[choice]) if choice in times_s else runner.first_s)
            for choice, runner in runners.items()
        ],
        "share_of_peak": statistics.median(shares),
        "peak": statistics.median(peaks),
        "flops": flops,
    }


def with_choice(spec: RunSpec, choice: Choice) -> RunSpec:
    precision, optimizer_precision, threads = choice
    training = replace(
        spec.training,
        budget=NO_END,
        budget_unit="steps",
        validation_sequences=8,
        precision=precision,
        optimizer_precision=optimizer_precision,
        threads=threads,
    )
    return replace(spec, training=training)


def peak_product(spec: RunSpec) -> Callable[[int], float]:
    """Return what measures the fastest large product: sums and products a second, in a run's format."""
    sides = 1024
    left, right = (torch.ones(sides, sides, dtype={"bf16": torch.bfloat16}.get(spec.training.precision)) for _ in range(2))

    def measured(threads: int) -> float:
        torch.set_num_threads(threads)
        best_s = float("inf")
        for _ in range(5):
            began = time.perf_counter()
            left @ right
            best_s = min(best_s, time.perf_counter() - began)
        return 2 * sides**3 / best_s

    return measured


if __name__ == "__main__":
    main()
