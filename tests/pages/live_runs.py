"""Runs made by hand for tests of the live page."""

from dataclasses import replace

import numpy as np

from pages._ui import guess
from ssl_core.runs import presets
from ssl_core.runs.record import RunEvent, RunRecord, no_metrics

LINES = {"uniform_nats": 7.0, "unigram_nats": 6.0, "bigram_nats": 5.0, "floor_nats": None, "num_targets": 100}
NAN = float("nan")


def event(name: str, step: int, **payload) -> RunEvent:
    """An event of a run; its number and its second are its step."""
    return RunEvent(id=step, kind=name, step=step, elapsed_s=float(step), payload=payload)


def made(preset: str = "mlm-en", status: str = "running", events=(), **more) -> RunRecord:
    """A run of a preset as it would be read from the store."""
    return replace(guess.nothing_yet(presets.spec(preset), tuple(events)), status=status, **more)


def curve(losses) -> dict[str, np.ndarray]:
    """Metrics of a run that was validated after each of its steps, one a second."""
    steps = np.arange(1.0, len(losses) + 1)
    unknown = {name: np.full(len(losses), NAN) for name in no_metrics()}
    return unknown | {"step": steps, "elapsed_s": steps, "tokens": steps * 1024, "val_loss_nats": np.array(losses)}
