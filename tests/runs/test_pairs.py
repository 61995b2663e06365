"""A right run and a broken one, side by side."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ssl_core import mistakes
from ssl_core.mistakes import shapes
from ssl_core.mistakes.base import AUTHOR, TRAINING
from ssl_core.runs import flags, pairs
from ssl_core.runs.record import load_recording
from ssl_core.runs.spec import RunSpec

RECORDED = Path(__file__).parents[2] / "assets" / "recorded" / "pairs"


@pytest.mark.parametrize("key", mistakes.MENU)
def test_the_two_runs_differ_in_the_mistake_alone(key) -> None:
    right, broken = pairs.pair(key, mistakes.tasks_of(key)[0], "tinyworld-en")
    assert right == replace(broken, mistake="")
    assert broken.mistake == key
    assert right.training.budget == 20
    assert right.training.budget_unit == "seconds"
    assert RunSpec.from_json(json.loads(json.dumps(broken.to_json()))) == broken
    assert f"--mistake {key}" in flags.command(broken)


def ends(record) -> tuple[float, float]:
    """The first and the last loss on the clean held-out text."""
    losses = record.metrics["val_loss_nats"]
    measured = losses[~np.isnan(losses)]
    return float(measured[0]), float(measured[-1])


def watched(record, curve: str) -> list[float]:
    """The curve that the author looks at."""
    if curve == AUTHOR:
        return [each.payload[mistakes.AS_SEEN] for each in record.events_of("measured")]
    losses = record.metrics["train_loss_nats" if curve == TRAINING else "val_loss_nats"]
    return list(losses[~np.isnan(losses)])


def recorded() -> list[tuple[str, str, str]]:
    """What there is a recording of: mistake, task and text."""
    found = []
    for key in mistakes.MENU:
        for task in mistakes.tasks_of(key):
            for corpus in ("tinyworld-en", "tinyworld-zh"):
                broken = pairs.pair(key, task, corpus, steps=pairs.RECORDED_STEPS)[1]
                if (RECORDED / f"{pairs.recorded_name(broken)}.json").exists():
                    found.append((key, task, corpus))
    return found


def test_every_mistake_was_recorded() -> None:
    assert {key for key, _task, _corpus in recorded()} == set(mistakes.MENU)


@pytest.mark.parametrize(("key", "task", "corpus"), recorded())
def test_what_is_told_is_what_was_recorded(key, task, corpus) -> None:
    specs = pairs.pair(key, task, corpus, steps=pairs.RECORDED_STEPS)
    right, broken = (load_recording(RECORDED / f"{pairs.recorded_name(each)}.json") for each in specs)
    was = RunSpec.from_json(broken.spec)
    assert (was.task, was.corpus, was.mistake) == (task, corpus, key)
    assert RunSpec.from_json(right.spec) == replace(was, mistake=""), "recorded as a pair"
    mistake = mistakes.mistake(key)
    curve = watched(broken, mistake.WATCHED)
    assert shapes.looks_like(mistake.TRUTH, curve, ends(right)[1]), (
        f"{mistake.TRUTH}: {curve[:2]} … {curve[-3:]}, right {ends(right)}"
    )
    others = [each for each in mistake.CHOICES if each != mistake.TRUTH and each in ("nothing", "flat", "wild")]
    assert not any(shapes.looks_like(each, curve, ends(right)[1]) for each in others), "no other choice holds as well"
