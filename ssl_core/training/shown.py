"""Whether two runs side by side show what the mistake in one of them does: judged by their curves, not by their budget."""

from collections.abc import Sequence

import numpy as np

from ssl_core import mistakes
from ssl_core.mistakes import shapes
from ssl_core.mistakes.base import AUTHOR, TRAINING
from ssl_core.runs.moment import newest
from ssl_core.runs.record import RunRecord, until_step
from ssl_core.training import phases

Pair = tuple[RunRecord, RunRecord]
"""The right run and the broken one."""


def is_shown(pair: Pair) -> bool:
    """Return whether the right run has learned more than frequencies, and the broken one goes as the mistake is known to."""
    right, broken = pair
    lines, loss = right.latest("baselines"), newest(right, "val_loss_nats")
    if lines is None or loss is None or loss > float(lines.payload["unigram_nats"]) - phases.MARGIN_NATS:
        return False
    mistake = mistakes.mistake(str(broken.spec["mistake"]))
    return shapes.looks_like(mistake.TRUTH, watched(broken, mistake.WATCHED), loss)


def steps_needed(recorded: Pair) -> int | None:
    """Return from which step on, to its end, a recorded pair shows its mistake; None where it never does."""
    right, _broken = recorded
    steps = right.metrics["step"][~np.isnan(right.metrics["val_loss_nats"])]
    needed = None
    for step in reversed(steps.tolist()):
        if not is_shown((until_step(recorded[0], step), until_step(recorded[1], step))):
            break
        needed = int(step)
    return needed


def steps_taken(pair: Pair) -> int:
    """Return how many steps both runs have taken."""
    return min(int(each.metrics["step"][-1]) if len(each.metrics["step"]) else 0 for each in pair)


def seconds_per_step(pair: Pair) -> float | None:
    """Return how long a step of the slower run took; None before the first."""
    ends = [(each.metrics["elapsed_s"][-1], each.metrics["step"][-1]) for each in pair if len(each.metrics["step"])]
    return max(float(elapsed_s / step) for elapsed_s, step in ends) if len(ends) == len(pair) else None


def watched(record: RunRecord, curve: str) -> Sequence[float]:
    """Return the losses of the curve that one is asked about (a key of ``mistakes.base.WATCHED``), in nats, in order."""
    if curve == AUTHOR:
        seen = [each.payload for each in record.events_of("measured")]
        return [float(each[mistakes.AS_SEEN]) for each in seen if mistakes.AS_SEEN in each]
    losses = record.metrics["train_loss_nats" if curve == TRAINING else "val_loss_nats"]
    return [float(each) for each in losses[~np.isnan(losses)]]
