"""A training session without training: it has the interface of the real one, and says what was done to it."""

import json
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ssl_core import paths
from ssl_core.engine import worker
from ssl_core.engine.launcher import WarmUp, end_fork_server, started
from ssl_core.errors import UserError
from ssl_core.models.arithmetic import Arithmetic
from ssl_core.runs import weights
from ssl_core.training.clock import Stopwatch


@dataclass
class FakeReport:
    step: int
    elapsed_s: float
    tokens: int
    tokens_per_s: float
    learning_rate: float
    train_loss_nats: float
    val_loss_nats: float | None
    is_last: bool
    reason: str | None
    measures: dict[str, float] = field(default_factory=dict)


@dataclass
class FakeClock:
    """Time that passes only with steps, and not while it is paused."""

    seconds: float = 0.0
    is_running: bool = False
    log: list[str] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    def pause(self) -> None:
        self.is_running = False
        self.log.append("pause")

    def resume(self) -> None:
        self.is_running = True
        self.log.append("resume")


class FakeSession:
    """Takes ``num_steps`` steps of ``step_s`` seconds; ``before[n]`` is called before step n."""

    num_parameters = 1234
    taken_over = None
    device = "cpu"
    arithmetic = Arithmetic(precision="fp32", optimizer_precision="fp32", threads=1)
    tokenized = SimpleNamespace(vocabulary=SimpleNamespace(size=64))
    baselines = SimpleNamespace(
        to_json=lambda: {"uniform_nats": 4.0, "unigram_nats": 3.0, "bigram_nats": 2.0, "floor_nats": None, "num_targets": 9}
    )

    def __init__(
        self,
        *,
        num_steps: int = 10,
        step_s: float = 0.3,
        before: dict[int, Callable[[], None]] | None = None,
        reason: str = "budget",
    ) -> None:
        self.clock: Any = FakeClock()
        self.num_steps, self.step_s, self.before, self.reason = num_steps, step_s, before or {}, reason
        self.step = 0
        self.probed: list[tuple[int, str, str]] = []
        self.loaded_from: Path | None = None

    def steps(self) -> Iterator[FakeReport]:
        self.clock.resume()
        if self.step == 0:
            yield self._report()
        while self.step < self.num_steps:
            assert self.clock.is_running, "a step was taken while time stood still"
            if self.step + 1 in self.before:
                self.before[self.step + 1]()
            self.step += 1
            self.clock.seconds += self.step_s
            yield self._report()

    def is_snapshot_due(self) -> bool:
        return self.step % 4 == 0 or self.step == self.num_steps

    def probe(self, sentences: Mapping[str, str]) -> dict[str, dict[str, Any] | UserError]:
        return {probe_id: self._probe(probe_id, text) for probe_id, text in sentences.items()}

    def _probe(self, probe_id: str, text: str) -> dict[str, Any] | UserError:
        if "refuse" in text:
            return UserError("I refuse.")
        self.probed.append((self.step, probe_id, text))
        return {"probe_id": probe_id, "kind": "fill", "text": text, "tokens": [text], "blanks": []}

    def save_checkpoint(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "checkpoint.json").write_text(json.dumps({"step": self.step, "seconds": self.clock.seconds}))

    def is_keeping_due(self) -> bool:
        return self.step % 2 == 0

    def keep_weights(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        weights.step_file(folder, self.step).write_bytes(b"")

    def load_checkpoint(self, folder: Path) -> None:
        saved = json.loads((folder / "checkpoint.json").read_text())
        self.step, self.clock.seconds, self.loaded_from = saved["step"], saved["seconds"], folder

    def export(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")

    def result(self) -> dict[str, Any]:
        return {
            "val_loss_nats": 2.5,
            "best_step": 3,
            "reason": self.reason,
            "steps": self.step,
            "baselines": self.baselines.to_json(),
        }

    def waits_for_lines(self, at_most_s: float) -> bool:
        return False

    def _report(self) -> FakeReport:
        is_last = self.step == self.num_steps
        return FakeReport(
            step=self.step,
            elapsed_s=self.clock.seconds,
            tokens=10 * self.step,
            tokens_per_s=100.0,
            learning_rate=0.001,
            train_loss_nats=float("nan") if self.step == 0 else 3.0,
            val_loss_nats=3.5 if self.step % 4 == 0 or is_last else None,
            is_last=is_last,
            reason=self.reason if is_last else None,
        )


class RealTimeSession(FakeSession):
    """The same in real time, for tests with real processes: a hundred steps a second, as many as the budget says."""

    def __init__(self, num_steps: int) -> None:
        super().__init__(num_steps=num_steps, step_s=0.0)
        self.clock = RealClock()

    def steps(self) -> Iterator[FakeReport]:
        for report in super().steps():
            time.sleep(0.01)
            yield report


class RealClock(Stopwatch):
    """A stopwatch that tells whether it runs, and takes the seconds of a checkpoint."""

    @property
    def is_running(self) -> bool:
        return self._running_since is not None

    @property
    def seconds(self) -> float:
        return self()

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        self.set(seconds)


class FakeLauncher:
    """Starts real processes that lead fake sessions: no torch, so they are there at once."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["ssl_core.engine.service", __name__])

    def warm_up(self) -> WarmUp:
        return WarmUp(is_preloaded=True, device="cpu")

    def launch(self, run_id: str, holder: str) -> BaseProcess:
        return started(self._context.Process(target=lead_fake, args=(str(paths.home()), run_id, holder)))

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        raise NotImplementedError

    def break_off(self) -> None:
        end_fork_server()


def lead_fake(home: str, run_id: str, holder: str) -> None:
    os.environ["PLAYGROUND_HOME"] = home  # the fork server has that of the first test
    worker.main(run_id, holder, open_session=lambda spec, on_stage: RealTimeSession(num_steps=int(spec.training.budget)))
