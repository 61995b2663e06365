"""What is known of a run before it starts: how large, how long, how far back in the queue."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from pages._ui import live_state, machine_pace, run_words, tokenizer_state
from pages._ui.live_words import Words
from pages._ui.number_strip import minutes
from pages._ui.run_form import Asked
from ssl_core import objectives, pretext
from ssl_core.i18n import _, sentences
from ssl_core.pretext.base import Vocabulary
from ssl_core.runs.spec import RunSpec
from ssl_core.training.config import BUDGETS
from ssl_core.training.estimates import Pace


def words(asked: Asked, *, has_guess: bool | None = None, is_watching: bool = False) -> Words:
    """Say how large the model is and how long the run takes, or what its settings lack.

    ``has_guess`` tells whether the learner has guessed already, where that matters; ``is_watching``, that a recording plays.
    """
    if asked.problem is not None:
        return Words(state="failed", title=_("This can't start yet"), detail=asked.problem.message())
    spec = asked.spec
    vocabulary = Vocabulary(size=spec.tokenizer.vocabulary_size, special_ids=(), mask_id=0)
    parameters = objectives.parameter_count(spec, pretext.vocabulary_for(spec.task, spec.task_settings, vocabulary))
    pace = machine_pace.of(spec)
    hints = {True: _("Your guess is kept. Start, and see how close it was."), False: _("Guess first, or start at once.")}
    hint = _("A recording plays below. Start to see it happen here.") if is_watching else hints.get(has_guess, "")
    if not hint and pace is None:  # beside a hint the line below the transport says so
        hint = not_measured()
    told = (_begins(spec), _unusual_tokens(spec), hint)
    return Words(state="setup", title=_title(spec, parameters, pace), detail=sentences(*told))


def _title(spec: RunSpec, parameters: int, pace: Pace | None) -> str:
    """Say how large the network is and how far it gets; nothing that was not measured on this machine."""
    training, size = spec.training, short_count(parameters)
    if pace is not None:
        steps, seconds = extent(spec, pace.seconds_per_step)
        words = _("{parameters} parameters · about {steps} steps in {time}")
        return words.format(parameters=size, steps=short_count(steps), time=minutes(seconds))
    if training.budget_unit == "seconds":
        return _("{parameters} parameters · {time}").format(parameters=size, time=minutes(training.budget))
    unit = _(BUDGETS[training.budget_unit])
    return _("{parameters} parameters · {count} {unit}").format(parameters=size, count=short_count(training.budget), unit=unit)


def not_measured() -> str:
    """Say when it will be known how fast runs are here."""
    if machine_pace.is_measured_by_engine():
        return _("How many steps that is, this machine is measuring: the engine does so when it first starts.")
    return _("How many steps that is, the first run on this device will show.")


def _begins(spec: RunSpec) -> str:
    """Name the trained weights that the run starts from, if there are any."""
    said = run_words.start(spec.to_json())
    return _("It {starts}.").format(starts=said) if said else ""


def _unusual_tokens(spec: RunSpec) -> str:
    """Name the tokenizer that the learner chose for this text, if it is the one that is used."""
    if live_state.tokenizer_for(spec.corpus) != spec.tokenizer:
        return ""
    kind = _(tokenizer_state.SHORT[spec.tokenizer.kind])
    return _("Tokens: {kind}, {size}.").format(kind=kind, size=f"{spec.tokenizer.vocabulary_size:,}")


def extent(spec: RunSpec, step_s: float) -> tuple[float, float]:
    """Return about how many steps and how many seconds a run takes, given the time of one step."""
    training = spec.training
    tokens_a_step = training.batch_size * training.accumulation * spec.model.context_tokens
    steps = {
        "seconds": training.budget / step_s,
        "steps": training.budget,
        "tokens": training.budget / tokens_a_step,
    }[training.budget_unit]
    return steps, training.budget if training.budget_unit == "seconds" else steps * step_s


def seconds_before(rows: Sequence[Mapping[str, Any]], run_id: str, num_workers: int, now: float) -> float | None:
    """Return about how long a queued run waits for those before it; None where their budgets count no seconds."""
    own = next((row for row in rows if row["id"] == run_id), None)
    if own is None:
        return None
    ahead = [row for row in rows if row["status"] != "queued" or row["created_at"] < own["created_at"]]
    if len(ahead) < num_workers:
        return 0.0
    if any(json.loads(row["spec"])["training"]["budget_unit"] != "seconds" for row in ahead):
        return None
    return sum(_seconds_left(row, now) for row in ahead) / num_workers


def _seconds_left(row: Mapping[str, Any], now: float) -> float:
    spent_s = now - row["started_at"] if row["started_at"] else 0.0
    return max(0.0, json.loads(row["spec"])["training"]["budget"] - spent_s)


def short_count(number: float) -> str:
    """Return a count as one reads it aloud: 970, 14,000, 3.2 M."""
    if number >= 999_500:
        millions = number / 1e6
        return f"{millions:.1f} M" if millions < 9.95 else f"{millions:,.0f} M"
    return f"{float(f'{number:.2g}'):,.0f}" if number >= 100 else f"{max(number, 1):.0f}"
