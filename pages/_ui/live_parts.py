"""What of a run in view changes from moment to moment, as HTML and as data of its two pictures."""

import json
import time
from html import escape
from typing import Any

from pages._ui import (
    guess,
    live_controls,
    live_words,
    loss_chart,
    measures_strip,
    number_strip,
    phase_steps,
    probe_panel,
    run_facts,
    run_reading,
)
from ssl_core.engine import client
from ssl_core.engine.settings import num_workers
from ssl_core.i18n import _
from ssl_core.runs import settled
from ssl_core.runs.moment import moment
from ssl_core.runs.record import RunRecord

HEIGHT, HEAD, FOOT, GAP = 446, 28, 40, 8
PANEL, CHART = HEIGHT - HEAD - FOOT - 2 * GAP, HEIGHT - FOOT - GAP
UNFINISHED = ("queued", "running", "paused")
WORDS = ".live-words"


def told(record: RunRecord, badge: str) -> bytes:
    """Return all that a tick may change of a run, as JSON that assets/components/live_pulse.js puts in its place.

    It grows with what is drawn, at most 200 points a curve, not with how long the run has gone on.
    """
    shown = guess.with_lines(record)
    said = {
        "id": record.id,
        "html": {
            WORDS: live_controls.said(where_it_stands(record), record.id),
            ".live-phases": phase_steps.html(shown),
            ".live-head": head(_("What it predicts"), at_step(moment(record).step)),
            ".live-numbers": number_strip.html(
                moment(record), device(record), settled.arithmetic(record), is_over=record.is_finished
            ),
            ".live-measures": measures(record),
            ".pp-engine": badge,
        },
        "parts": {
            f"chart {record.id}": chart(shown),
            f"probes {record.id}": probe_panel.data_of(record, PANEL),
        },
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


def chart(record: RunRecord) -> dict[str, Any]:
    """Return the chart of a run in view."""
    return loss_chart.figure(record, height=CHART, is_live=record.status == "running")


def head(title: str, note: str) -> str:
    """Return what stands over the predictions."""
    return f'<div class="live-head"><b>{escape(title)}</b><span>{escape(note)}</span></div>'


def at_step(step: int) -> str:
    """Return the note that says at which step a model predicts."""
    return _("at step {step}").format(step=f"{step:,}")


def measures(record: RunRecord) -> str:
    """Return what is measured beside the loss, "" where there is nothing."""
    return measures_strip.html(record)


def device(record: RunRecord) -> str:
    """Return on what a run computes, "" before that is known."""
    started = record.latest("started")
    return str(started.payload["device"]).upper() if started is not None else ""


def where_it_stands(record: RunRecord) -> live_words.Words:
    """Say where a run stands, also one in the queue."""
    if record.status != "queued":
        return live_words.of(record)
    store = run_reading.store()
    rows = store.rows(statuses=UNFINISHED)
    wait_s = run_facts.seconds_before(rows, record.id, num_workers(), time.time())
    return live_words.queued(store.queue_place(record.id), wait_s, client.engine_state(store))
