"""What a run says of itself at one moment: the numbers beside its chart."""

from dataclasses import dataclass

import numpy as np

from ssl_core.runs.guess import shares_of_budget
from ssl_core.runs.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The newest numbers of a run; None where nothing was measured yet."""

    step: int
    elapsed_s: float
    tokens: int
    tokens_per_s: float | None
    learning_rate: float | None
    train_loss_nats: float | None
    val_loss_nats: float | None
    val_step: int | None  # at which it was measured
    share: float  # of the budget
    seconds_left: float | None


def moment(record: RunRecord) -> Moment:
    """Return where a run stands."""
    if not len(record.metrics["step"]):
        return Moment(
            step=0, elapsed_s=0.0, tokens=0, tokens_per_s=None, learning_rate=None, train_loss_nats=None,
            val_loss_nats=None, val_step=None, share=0.0, seconds_left=None,
        )  # fmt: skip
    share = min(float(shares_of_budget(record)[-1]), 1.0)
    elapsed_s = float(record.metrics["elapsed_s"][-1])
    return Moment(
        step=max([int(record.metrics["step"][-1]), *snapshots(record)[-1:]]),  # the last look may be newer than the last report
        elapsed_s=elapsed_s,
        tokens=int(record.metrics["tokens"][-1]),
        tokens_per_s=newest(record, "tokens_per_s"),
        learning_rate=newest(record, "learning_rate"),
        train_loss_nats=newest(record, "train_loss_nats"),
        val_loss_nats=newest(record, "val_loss_nats"),
        val_step=_newest_step(record, "val_loss_nats"),
        share=share,
        seconds_left=elapsed_s * (1 - share) / share if share > 0 else None,
    )


def newest(record: RunRecord, name: str, until_step: float = np.inf) -> float | None:
    """Return the last measured value of one metric up to a step, if there is one."""
    values = record.metrics[name][record.metrics["step"] <= until_step]
    measured = values[~np.isnan(values)]
    return float(measured[-1]) if len(measured) else None


def _newest_step(record: RunRecord, name: str) -> int | None:
    steps = record.metrics["step"][~np.isnan(record.metrics[name])]
    return int(steps[-1]) if len(steps) else None


def snapshots(record: RunRecord) -> list[int]:
    """Return the steps at which the probes were looked at, in order."""
    return sorted({each.step for each in record.events_of("probe")})
