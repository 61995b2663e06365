"""Where a run stands, in words: one line that the last row reads, and one that explains it."""

from collections.abc import Mapping
from dataclasses import dataclass

from pages._ui import phase_words, run_words
from pages._ui.number_strip import minutes, three_digits
from ssl_core.engine.client import EngineState
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _, sentences
from ssl_core.runs import guess
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord
from ssl_core.training import phases

STAGES = {
    "corpus": N_("Reading the text"),
    "tokenizer": N_("Cutting the text into tokens"),
    "model": N_("Building the model"),
}

NOT_LEARNT_HERE = ("start", "frequencies")
"""Phases whose usual words tell of a network that begins with random weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A state, what it is called, and what it means; ``stage`` counts 0..1 where there is a way to go."""

    state: str  # waiting, live, paused, done, stopped, failed
    title: str
    detail: str


def of(record: RunRecord) -> Words:
    """Say where a run stands that is not in the queue any more."""
    if record.is_finished:
        return _ended(record)
    if not len(record.metrics["step"]):
        return _getting_ready(record)
    title, detail = phase(record)
    if record.status == "paused":
        step = f"{moment(record).step:,}"
        return Words(state="paused", title=_("Paused at step {step}. {phase}.").format(step=step, phase=title), detail=detail)
    return Words(state="live", title=title, detail=detail)


def phase(record: RunRecord) -> tuple[str, str]:
    """Return which line on the chart the loss has passed, and what that means."""
    now, lines = moment(record), record.latest("baselines")
    if now.val_loss_nats is None or lines is None:
        return _("The first steps"), _("The first loss on held-out text comes in a moment.")
    key = phases.phase(now.val_loss_nats, lines.payload)
    title = phase_words.names(str(record.spec["task"]), lines.payload)[key]
    told = _(phases.explanations(lines.payload)[key])
    if key in NOT_LEARNT_HERE and run_words.begins_trained(record.spec):
        told = _("It was trained on something else. Here it does no better so far than who only counts.")
    measured = _("As of step {step}: {loss} nats.")
    assert now.val_step is not None, "a loss was measured at a step"
    return title, sentences(told, measured.format(step=f"{now.val_step:,}", loss=three_digits(now.val_loss_nats)))


def closeness(record: RunRecord) -> str:
    """Say how close the guess was, in this run's numbers; "" where there was none."""
    found = guess.closeness(record)
    if found is None:
        return ""
    return _("Your guess was {error} nats off on average; at the end you said {guess} and it was {loss}.").format(
        error=three_digits(found.mean_error_nats),
        guess=three_digits(found.last_guess_nats),
        loss=three_digits(found.last_loss_nats),
    )


def queued(num_before: int, wait_s: float | None, engine: EngineState) -> Words:
    """Say how long a run has to wait, and for what."""
    if engine.state == "broken":
        detail = _("Your run stays in the queue. The engine says why in {log}; mend that, and it starts by itself.")
        return Words(state="waiting", title=_("The engine can't start"), detail=detail.format(log=engine.log))
    if engine.state in ("absent", "starting"):
        title = _("The engine is starting")
        return Words(state="waiting", title=title, detail=_("It starts by itself, in some seconds. Your run is in the queue."))
    before = _("Waiting: runs before this one: {count}").format(count=num_before)
    title = before if num_before else _("Next in the queue")
    if wait_s is None:
        return Words(state="waiting", title=title, detail=_("It begins by itself. You may close this page meanwhile."))
    if wait_s < 1 and not num_before:
        return Words(state="waiting", title=title, detail=_("A worker takes it in a moment."))
    detail = _("About {wait} to wait. It begins by itself; you may close this page meanwhile.")
    return Words(state="waiting", title=title, detail=detail.format(wait=minutes(wait_s)))


def _getting_ready(record: RunRecord) -> Words:
    latest = record.latest("prepared")
    stage = str(latest.payload["stage"]) if latest is not None else "corpus"
    number = list(STAGES).index(stage) + 1 if stage in STAGES else 1
    share = float(latest.payload.get("share", 0.0)) if latest is not None else 0.0
    words = (
        _("Getting ready, {number} of {count}: {stage}, {share:.0%}")
        if share
        else _("Getting ready, {number} of {count}: {stage}")
    )
    title = words.format(number=number, count=len(STAGES), stage=_(STAGES.get(stage, STAGES["corpus"])), share=share)
    return Words(state="waiting", title=title, detail=_("The first time on a text this takes some seconds; then it is kept."))


def _ended(record: RunRecord) -> Words:
    if record.status == "failed":
        saved = record.failure or {}
        reason = UserError.from_json(saved).message() if saved else _("The reason is not known.")
        return Words(state="failed", title=_("This run failed"), detail=reason)
    now = moment(record)
    loss, step = three_digits(final_loss(record)), f"{now.step:,}"
    if record.status == "stopped":
        title = _("Stopped at step {step}, at {loss} nats").format(step=step, loss=loss)
        if not now.step:
            title = _("Stopped before it began")
    else:
        title = _("Done: {loss} nats after {step} steps in {time}").format(loss=loss, step=step, time=minutes(now.elapsed_s))
    return Words(state=record.status, title=title, detail=closeness(record) or _gain(record))


def _gain(record: RunRecord) -> str:
    lines, loss = record.latest("baselines"), final_loss(record)
    if lines is None or loss is None:
        return ""
    gain = float(lines.payload["unigram_nats"]) - loss
    if phase_words.asks_answers(lines.payload):
        if gain <= 0:
            return _("It has not beaten answering without a look at the text yet.")
        return _("That is {gain} nats better than answering without a look at the text.").format(gain=three_digits(gain))
    if gain <= 0:
        return _("It has not beaten a table of word frequencies yet.")
    return _("That is {gain} nats better than word frequencies alone.").format(gain=three_digits(gain))


def final_loss(record: RunRecord) -> float | None:
    """Return the validation loss a run ended with, measured on the whole set if it came to its end."""
    result: Mapping[str, float] = record.result or {}
    return result.get("val_loss_nats", moment(record).val_loss_nats)
