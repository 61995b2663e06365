"""Two runs side by side: one as it should be, and the same with one mistake in it."""

from dataclasses import replace

from ssl_core import mistakes
from ssl_core.runs import presets
from ssl_core.runs.spec import RunSpec

SECONDS = 20.0
VALIDATION_SEQUENCES = 64  # half of the usual: the author's own measurement stands beside ours


def pair(key: str, task: str, corpus: str) -> tuple[RunSpec, RunSpec]:
    """Return the right run of a task on a text, and the same run with the mistake ``key``: 20 seconds each.

    Both start from the same weights and read the text in the same order.
    Raises: UserError if there is no such mistake or task, or the one can't be made in the other.
    """
    usual = presets.recipe(task, corpus)
    limits = {"budget": SECONDS, "budget_unit": "seconds", "validation_sequences": VALIDATION_SEQUENCES}
    right = replace(usual, training=replace(usual.training, **limits, **mistakes.mistake(key).SETTING))
    return right, replace(right, mistake=key)


def recorded_name(spec: RunSpec) -> str:
    """Return under which name a run of a pair is kept among the recordings: right ones are shared by several mistakes."""
    text = spec.corpus if not spec.training.training_tokens else f"{spec.corpus}-{spec.training.training_tokens}"
    return f"{spec.mistake or 'right'}-{spec.task}-{text}"
