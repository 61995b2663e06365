"""The axis of losses: one frame for a guess and for the run that is guessed, in which every right answer can be drawn.

It reaches from above uniform guessing, over the tokens that the text really has, down to the floor. Where no floor is known it
ends well below the bigram baseline, and where no baseline is known, at 0. What was recorded of the task says how much room the
first losses need; what does not fit all the same makes the frame grow in steps, and nothing is ever cut off.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from pages._ui import chart_data, recordings
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs import fitting
from ssl_core.runs.record import RunRecord
from ssl_core.runs.spec import RunSpec

ROOM_ABOVE, STEP_NATS, HAIR = 0.35, 0.5, 0.1
FEW_ANSWERS_NATS, FINER = 2.0, 0.2
"""Where uniform guessing costs less than this, a choice among few answers is asked: room and steps are a fifth of the usual."""
SHARE_BELOW_FLOOR = 0.04
"""So much of the way from uniform down to the floor lies below the floor, so that its line stands clear of the axis."""

SHARE_OF_BIGRAM = 0.5
"""Without a floor: nothing that is trained here comes as low as half the bigram baseline, but where a recording shows it."""

NO_RUNS = (0.0, 7.0)
Lines = Mapping[str, Any]


def of_all(records: Sequence[RunRecord]) -> tuple[float, float]:
    """Return the frame that holds several runs."""
    frames = [of(each) for each in records] or [NO_RUNS]
    return min(low for low, _high in frames), max(high for _low, high in frames)


def of(record: RunRecord) -> tuple[float, float]:
    """Return the lowest and the highest loss on the axis of a run, whether it has begun or not."""
    spec = _spec(record)
    recorded = recordings.like(spec) if spec is not None else None
    known = known_lines(spec, recorded) if spec is not None else {}  # the floor may be worked out only later in the run
    lines = {**known, **{name: nats for name, nats in chart_data.baselines(record).items() if nats is not None}}
    top = float(lines.get("uniform_nats") or (uniform(spec, recorded)[0] if spec is not None else _widest(record)))
    unit = FINER if top < FEW_ANSWERS_NATS else 1.0
    low, high = round(_low(lines, top, spec, recorded), 3), round(top + _room_above(recorded, unit), 3)
    shown = [*_losses(record), *(nats for _share, nats in record.guess)]
    if recorded is not None and math.isclose(known.get("uniform_nats", math.nan), top):
        shown += _losses(recorded)
    return _grown(low, high, np.array(shown), unit * STEP_NATS)


def known_lines(spec: RunSpec, recorded: RunRecord | None) -> Lines:
    """Return the baselines that are known before a run, of a recording for which they are the same; {} without one."""
    if recorded is None or not fitting.has_same_baselines(spec, recorded.spec):
        return {}
    return chart_data.baselines(recorded)


def uniform(spec: RunSpec, recorded: RunRecord | None) -> tuple[float, bool]:
    """Return what uniform guessing costs in nats, and whether that is exact or only as much as it can be at most.

    ``recorded`` is a run of the same task. A text may have fewer tokens than its tokenizer is allowed.
    """
    lines = chart_data.baselines(recorded) if recorded is not None else {}
    if recorded is not None and lines and lines.get("bigram_nats") is None:  # a choice among answers, not among tokens
        more = spec.training.batch_size / int(recorded.spec["training"]["batch_size"])
        is_same = fitting.has_same_baselines(spec, recorded.spec)
        return float(lines["uniform_nats"]) + (0.0 if is_same else max(0.0, math.log(more))), is_same
    alike = recordings.with_same_vocabulary(spec)
    size = spec.tokenizer.vocabulary_size if alike is None else int(alike.latest("started").payload["vocabulary"])  # type: ignore[union-attr]
    tokens = pretext.vocabulary_for(spec.task, spec.task_settings, Vocabulary(size=size, special_ids=(), mask_id=0))
    return math.log(tokens.size_with_sentinels), alike is not None


def _low(lines: Lines, top: float, spec: RunSpec | None, recorded: RunRecord | None) -> float:
    floor, bigram = lines.get("floor_nats"), lines.get("bigram_nats")
    if floor is not None:
        return max(0.0, float(floor) - SHARE_BELOW_FLOOR * (top - float(floor)))
    if bigram is None or spec is None or recorded is None or not fitting.has_same_baselines(spec, recorded.spec):
        return 0.0
    lowest = min([SHARE_OF_BIGRAM * float(bigram), *(chart_data.measured(recorded, "val_loss_nats") - STEP_NATS)])
    return max(0.0, math.floor(lowest / STEP_NATS) * STEP_NATS)


def _room_above(recorded: RunRecord | None, unit: float) -> float:
    """Return how far above uniform guessing the axis goes: as far as a run of this task began, in steps, and a bit at least."""
    room, step = unit * ROOM_ABOVE, unit * STEP_NATS
    lines = chart_data.baselines(recorded) if recorded is not None else {}
    if recorded is None or not lines:
        return room
    above = max([0.0, *_losses(recorded)]) - float(lines["uniform_nats"]) + unit * HAIR
    return room + step * max(0, math.ceil((above - room) / step))


def _grown(low: float, high: float, shown: npt.NDArray[np.float64], step: float) -> tuple[float, float]:
    """Return the axis, longer in steps at the ends beyond which something would be shown."""
    if len(shown):
        high += step * max(0, math.ceil((shown.max() - high) / step))
        low -= step * max(0, math.ceil((low - shown.min()) / step))
    return round(max(0.0, low), 3), round(high, 3)


def _losses(record: RunRecord) -> list[float]:
    return [*chart_data.measured(record, "val_loss_nats"), *(y for _x, y in chart_data.training(record, "seconds"))]


def _spec(record: RunRecord) -> RunSpec | None:
    """Return the run's settings; None for a run of another version, whose settings mean nothing here."""
    try:
        return RunSpec.from_json(record.spec)
    except UserError:
        return None


def _widest(record: RunRecord) -> float:
    return math.log(int(record.spec["tokenizer"]["vocabulary_size"]))
