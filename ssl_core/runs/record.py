"""One run as a page or a file shows it, whether it is in the store or was recorded long ago."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

METRIC_NAMES = ("step", "elapsed_s", "tokens", "tokens_per_s", "learning_rate", "train_loss_nats", "val_loss_nats")
FINISHED = frozenset({"done", "stopped", "failed"})
AFTERWARDS = "afterwards"
"""The probe id of a sentence that a finished run was asked about: it is in no store, only in the record that a page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent:
    """Something that happened in a run: ``kind`` says what, ``payload`` what belongs to it."""

    id: int
    kind: str
    step: int
    elapsed_s: float
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """A run with its curves and events. Metrics are arrays of one length, NaN where nothing was measured."""

    id: str
    name: str
    status: str  # queued, running, paused, done, stopped, failed
    spec: Mapping[str, Any]
    created_at: float
    started_at: float | None
    ended_at: float | None
    metrics: Mapping[str, npt.NDArray[np.float64]]
    events: tuple[RunEvent, ...]
    guess: tuple[tuple[float, float], ...]
    result: Mapping[str, Any] | None
    failure: Mapping[str, Any] | None

    @property
    def is_finished(self) -> bool:
        """True once nothing more will come."""
        return self.status in FINISHED

    def events_of(self, kind: str) -> list[RunEvent]:
        """Return the events of one kind, oldest first."""
        return [each for each in self.events if each.kind == kind]

    def latest(self, kind: str) -> RunEvent | None:
        """Return the newest event of one kind, if there is one."""
        return next((each for each in reversed(self.events) if each.kind == kind), None)

    def until(self, elapsed_s: float) -> "RunRecord":
        """Return this run as it stood ``elapsed_s`` seconds after its start, for a replay.

        How it ended shows with its last report, not before.
        """
        is_past = self.metrics["elapsed_s"] <= elapsed_s
        is_over = bool(is_past.all())
        return replace(
            self,
            metrics={name: values[is_past] for name, values in self.metrics.items()},
            events=tuple(each for each in self.events if is_over or each.elapsed_s <= elapsed_s),
            status=self.status if is_over else "running",
            result=self.result if is_over else None,
            failure=self.failure if is_over else None,
        )


def until_step(record: RunRecord, step: float) -> RunRecord:
    """Return a run as it stood after so many steps, however long they took."""
    steps, elapsed_s = record.metrics["step"], record.metrics["elapsed_s"]
    is_past = steps <= step
    return record.until(float(elapsed_s[is_past][-1]) if is_past.any() else -1.0)


def no_metrics() -> dict[str, npt.NDArray[np.float64]]:
    """Return the metrics of a run that has not reported yet."""
    return {name: np.empty(0) for name in METRIC_NAMES}


def save_recording(record: RunRecord, path: Path) -> None:
    """Write a run to one JSON file that ``load_recording`` reads back."""
    saved = {name: getattr(record, name) for name in ("id", "name", "status", "spec", "result", "failure", "guess")}
    saved |= {name: getattr(record, name) for name in ("created_at", "started_at", "ended_at")}
    saved["metrics"] = {name: [_shortened(value) for value in values] for name, values in record.metrics.items()}
    saved["events"] = [
        {"kind": each.kind, "step": each.step, "elapsed_s": round(each.elapsed_s, 3), "payload": each.payload}
        for each in record.events
    ]
    path.write_text(json.dumps(saved, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def load_recording(path: Path) -> RunRecord:
    """Read a run written by ``save_recording``."""
    saved = json.loads(path.read_text(encoding="utf-8"))
    saved["metrics"] = {name: np.array(values, dtype=np.float64) for name, values in saved["metrics"].items()}
    saved["events"] = tuple(RunEvent(id=number, **each) for number, each in enumerate(saved["events"]))
    saved["guess"] = tuple((share, nats) for share, nats in saved["guess"])
    return RunRecord(**saved)


def _shortened(value: float) -> float | None:
    return None if np.isnan(value) else float(f"{value:.6g}")
