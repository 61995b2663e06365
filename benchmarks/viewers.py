"""What many viewers of one live run get, what they cost the server, and what they leave to the training."""

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from bisect import bisect_right
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import numpy as np
import psutil

from benchmarks import app_under_test, table
from benchmarks.viewer_client import Seen, Tick
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore

PER_PROCESS = 50  # viewers that one process plays
SETTLE_S = 6.0
SAMPLE_S = 0.1
MB = 2**20


@dataclass(slots=True, kw_only=True)
class Crowd:
    """What so many viewers saw within the window, and what it cost."""

    num_viewers: int
    seen: list[Seen]
    since: float
    until: float
    server_cpu_s: float
    server_mb: float
    steps_per_s: float
    ages_s: list[float] = field(default_factory=list)

    @property
    def asked(self) -> list[Tick]:
        """Return the ticks asked for within the window."""
        return [tick for each in self.seen for tick in each.ticks if self.since <= tick.asked_at < self.until]


class Progress:
    """When the run in the store came to which step, looked at ten times a second."""

    def __init__(self, store: RunStore, run_id: str) -> None:
        self.at, self.steps = [time.monotonic()], [0]
        self._store, self._run_id, self._ends = store, run_id, threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Progress":
        self._thread.start()
        return self

    def __exit__(self, *_reason: object) -> None:
        self._ends.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ends.wait(SAMPLE_S):
            step = newest_step(self._store, self._run_id)
            if step > self.steps[-1]:
                self.at.append(time.monotonic())
                self.steps.append(step)

    def age_s(self, at: float, step: int) -> float:
        """Return for how long the store had held something newer than ``step`` at that moment."""
        place = bisect_right(self.steps, step)
        return max(0.0, at - self.at[place]) if place < len(self.at) else 0.0

    def steps_per_s(self, since: float, until: float) -> float:
        """Return the speed of training between two moments."""
        first, last = np.interp([since, until], self.at, self.steps)
        return float(last - first) / (until - since)


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--viewers", type=int, nargs="+", default=[1, 30, 100])
    parser.add_argument("--seconds", type=float, default=25.0, help="length of a window")
    parser.add_argument("--dry", action="store_true", help="print the table, leave the README as it is")
    asked = parser.parse_args()
    with app_under_test.served() as server:
        rows, note = measure(server.url, psutil.Process(server.process.pid), asked.viewers, asked.seconds)
    table.write("viewers", HEADER, rows, note, dry=asked.dry)


def measure(url: str, process: psutil.Process, sizes: Sequence[int], seconds: float) -> tuple[list[tuple[str, ...]], str]:
    """Let crowds of these sizes look at a run one after the other; return a row for each, and a note."""
    store = RunStore()
    run_id = start_run(store)
    with Progress(store, run_id) as progress:
        alone, crowds = [_alone(progress)], []
        for num_viewers in sizes:
            crowds.append(_crowd(url, process, run_id, progress, num_viewers, seconds))
            alone.append(_alone(progress))
    store.control(run_id, "stop")
    unwatched = statistics.median(alone)
    return [_row(each, unwatched) for each in crowds], _note(unwatched, seconds)


def start_run(store: RunStore) -> str:
    """Start the first preset with a budget that no window outlasts, wait for its first steps, and return its id."""
    spec = presets.spec("mlm-en")
    run_id = store.submit(replace(spec, training=replace(spec.training, budget=900.0)))
    while newest_step(store, run_id) < 3:
        assert store.row(run_id)["status"] != "failed", store.row(run_id)["failure"]
        time.sleep(0.2)
    return run_id


def newest_step(store: RunStore, run_id: str) -> int:
    """Return the step that a run has come to, 0 before its first."""
    steps = store.record(run_id).metrics["step"]
    return int(steps[-1]) if len(steps) else 0


def _alone(progress: Progress, seconds: float = 8.0) -> float:
    since = time.monotonic()
    time.sleep(seconds)
    return progress.steps_per_s(since, time.monotonic())


def _crowd(url: str, process: psutil.Process, run_id: str, progress: Progress, num_viewers: int, seconds: float) -> Crowd:
    ramp_s = min(20.0, 0.2 * num_viewers)
    began_at = time.monotonic()
    since = began_at + ramp_s + SETTLE_S
    until = since + seconds
    with ExitStack() as stack:
        players = []
        for first in range(0, num_viewers, PER_PROCESS):
            number = min(PER_PROCESS, num_viewers - first)
            command = [sys.executable, "-m", "benchmarks.viewer_client", url, run_id, "--num-viewers", str(number)]
            command += ["--ramp-s", str(ramp_s), "--until", str(until)]
            players.append(stack.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True)))
        time.sleep(since - time.monotonic())
        spent_s = _cpu_s(process)
        time.sleep(until - time.monotonic())
        spent_s = _cpu_s(process) - spent_s
        memory = process.memory_info().rss / MB
        seen = [_seen(told) for player in players for told in json.loads(player.communicate()[0])]
    assert not any(each.failure for each in seen), {each.failure for each in seen}
    ages = [progress.age_s(at, step) for each in seen for at, step in each.steps if since <= at < until]
    return Crowd(
        num_viewers=num_viewers, seen=seen, since=since, until=until, server_cpu_s=spent_s, server_mb=memory,
        steps_per_s=progress.steps_per_s(since, until), ages_s=ages,
    )  # fmt: skip


def _seen(told: dict) -> Seen:  # type: ignore[type-arg]
    return Seen(**{**told, "ticks": [Tick(**each) for each in told["ticks"]]})


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


HEADER = (
    "viewers",
    "pace",
    "page opens, median / 95 %",
    "tick answered, median / 95 %",
    "missed",
    "what is shown is old by, median / 95 %",
    "server's processor time per tick",
    "cores",
    "kB per tick",
    "memory",
    "training, steps/s",
)


def _row(crowd: Crowd, unwatched: float) -> tuple[str, ...]:
    asked = crowd.asked
    answered = [tick.seconds for tick in asked if tick.seconds is not None]
    paces = sorted({interval for each in crowd.seen for interval in each.intervals.values()})
    window_s, total = crowd.until - crowd.since, sum(each.num_bytes for each in crowd.seen)
    all_ticks = sum(tick.seconds is not None for each in crowd.seen for tick in each.ticks)
    return (
        f"{crowd.num_viewers}",
        " / ".join(f"{each:g} s" for each in paces),
        _both([each.opened_s if each.opened_s is not None else np.inf for each in crowd.seen]),
        _both(answered),
        f"**{1 - len(answered) / len(asked):.0%}** of {len(asked):,}",
        _both(crowd.ages_s),
        f"**{1000 * crowd.server_cpu_s / max(1, len(answered)):.1f} ms**",
        f"{crowd.server_cpu_s / window_s:.2f}",
        f"{total / 1000 / max(1, all_ticks):.0f}",
        f"{crowd.server_mb:.0f} MB",
        f"{crowd.steps_per_s:.1f} ({crowd.steps_per_s / unwatched:.0%})",
    )


def _both(seconds: Sequence[float]) -> str:
    if not seconds:
        return "–"
    return f"{np.median(seconds):.2f} s / **{np.quantile(seconds, 0.95):.2f} s**"


def _note(unwatched: float, seconds: float) -> str:
    return (
        f"Windows of {seconds:g} s; server, training and all viewers on the same cores. Training alone: {unwatched:.1f} "
        "steps/s, the median of pauses before, between and after."
    )


if __name__ == "__main__":
    main()
