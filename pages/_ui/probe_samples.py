"""Probe sentences that the model writes on: texts, the newest on top, each with its step and loss."""

from typing import Any

from pages._ui import probe_bars
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs.moment import newest
from ssl_core.runs.record import AFTERWARDS, RunEvent, RunRecord

MAX_SAMPLES = 80  # three beginnings, looked at some twenty times
Sample = dict[str, Any]


def samples(record: RunRecord, until_step: float) -> list[Sample]:
    """Return the texts written so far; what the model has not begun yet waits at the bottom."""
    seen = [each for each in record.events_of("probe") if each.step <= until_step]
    begun = {str(each.payload["prompt"]).strip() for each in seen}
    # within a step the sentences keep their order, but for the one that was asked about after the run
    newest_first = sorted(seen, key=lambda each: (each.payload["probe_id"] != AFTERWARDS, -each.step))
    written = [_written(record, each) for each in newest_first][:MAX_SAMPLES]
    waiting = [_sample(f"waiting {text}", text, " …") for text in record.spec["probes"] if text.strip() not in begun]
    shown = written + [{**each, "isWaiting": True} for each in waiting]
    refusal = record.latest("probe_refused")
    if refusal is None:
        return shown
    return [_refused(refusal), *shown] if probe_bars.is_news(record, refusal) else [*shown, _refused(refusal)]


def _written(record: RunRecord, event: RunEvent) -> Sample:
    prompt, text = str(event.payload["prompt"]), str(event.payload["text"])
    loss = newest(record, "val_loss_nats", until_step=event.step)
    return {
        **_sample(f"{event.payload['probe_id']} {event.step}", prompt, text.removeprefix(prompt)),
        "step": _("step {step}").format(step=f"{event.step:,}"),
        "loss": _("{loss} nats").format(loss=f"{loss:.2f}") if loss is not None else "",
    }


def _refused(event: RunEvent) -> Sample:
    reason = UserError.from_json(event.payload["failure"]).message()
    return _sample(f"refused {event.id}", probe_bars.shortened(event), f" — {reason}")


def _sample(key: str, prompt: str, text: str) -> Sample:
    return {"key": key, "prompt": prompt, "text": text, "step": "", "loss": ""}
