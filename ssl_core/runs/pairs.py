"""Two runs side by side: one as it should be, and the same with one mistake in it."""

from dataclasses import replace
from typing import Any

from ssl_core import mistakes
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec
from ssl_core.training.config import TRAINED

SECONDS = 20.0
RECORDED_STEPS = 240
"""Recordings count steps, so that a busy machine can't favour one of the two."""

VALIDATION_SEQUENCES = 64  # half of the usual: the author's own measurement stands beside ours


def pair(key: str, task: str, corpus: str, *, steps: int | None = None, seconds: float = SECONDS) -> tuple[RunSpec, RunSpec]:
    """Return the right run of a task on a text, and the same run with the mistake ``key``: ``steps`` each, or ``seconds``.

    Both start from the same weights and read the text in the same order.
    Raises: UserError if there is no such mistake or task, or the one can't be made in the other.
    """
    usual = presets.recipe(task, corpus)
    setting: dict[str, Any] = {"validation_sequences": VALIDATION_SEQUENCES, **mistakes.mistake(key).SETTING}
    budget: dict[str, Any] = {"budget": steps or seconds, "budget_unit": "steps" if steps else "seconds"}
    right = replace(usual, training=replace(usual.training, **budget, **setting))
    return right, replace(right, mistake=key)


def recorded_name(spec: RunSpec) -> str:
    """Return under which name a run of a pair is kept among the recordings: right ones are shared by several mistakes."""
    parts = [spec.mistake or "right", spec.task, spec.corpus]
    parts += [str(spec.training.training_tokens)] if spec.training.training_tokens else []
    parts += [spec.training.judged] if spec.training.judged != TRAINED else []
    return "-".join(parts)
