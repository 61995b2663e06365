"""The guess: how will the loss fall? Drawn with one stroke over the real axes, or picked from four shapes."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages._ui import chart_data, live_state, loss_chart, loss_frame, recordings, style
from pages._ui.components import component
from ssl_core.i18n import _
from ssl_core.runs import fitting
from ssl_core.runs import guess as guesses
from ssl_core.runs.record import RunEvent, RunRecord, no_metrics
from ssl_core.runs.spec import RunSpec

KEY, _KEPT = "live.guess", "live.kept_guess"
SHOWN_SHARE = 0.04  # of the recorded curve: enough to see where it starts, too little to give the rest away
MARGINS = {"left": 46, "right": 14, "top": 10, "bottom": 50}  # px, as in the loss chart
Data = dict[str, Any]


def show(spec: RunSpec, recorded: RunRecord | None, *, height: int) -> None:
    """Show the card to guess on; what is drawn is kept until another run is set up."""
    component("guess", "loss_chart_parts")(key=KEY, data=data_of(spec, recorded, height), height=height, on_guess_change=_kept)


def points() -> guesses.Points:
    """Return the learner's guess for the run being set up, or () where there is none."""
    return guesses.clean(_kept().get("points"), highest_nats=20.0)


def data_of(spec: RunSpec, recorded: RunRecord | None, height: int) -> Data:
    """Return what the component draws."""
    ahead = nothing_yet(spec, _known_lines(spec, recorded))
    low, high = loss_frame.of(ahead)
    start, is_exact = loss_frame.uniform(spec, recorded)
    start = float(chart_data.baselines(ahead).get("uniform_nats") or start)
    blindly = _(chart_data.LINES["uniform_nats"]) if is_exact else _("guessing blindly (uniform), at most")
    kept = _kept()
    return {
        "setup": live_state.setup_id(),
        "height": height,
        "margins": MARGINS,
        "colour": style.task_colour(spec.task),
        "start": start,
        "x": _x_axis(spec),
        "y": {"low": low, "high": high, "title": _("validation loss (nats)")},
        "baselines": chart_data.lines(ahead) or [{"y": start, "name": blindly}],
        "known": _beginning(spec, recorded),
        "sketches": [
            {"key": key, "title": _(title), "points": guesses.sketch(key, start, low + 0.15)}
            for key, (title, _points) in guesses.SKETCHES.items()
        ],
        "points": points(),
        "picked": str(kept.get("picked", "")),
        "labels": _labels(),
    }


def with_lines(record: RunRecord) -> RunRecord:
    """Return a run that has not measured its named lines yet with those of the recorded run, if they are the same."""
    if record.is_finished or record.latest("baselines") is not None:
        return record
    spec = RunSpec.from_json(record.spec)
    return replace(record, events=record.events + _known_lines(spec, recordings.like(spec)))


def _known_lines(spec: RunSpec, recorded: RunRecord | None) -> tuple[RunEvent, ...]:
    lines = loss_frame.known_lines(spec, recorded)
    return (RunEvent(id=0, kind="baselines", step=0, elapsed_s=0.0, payload=lines),) if lines else ()


def nothing_yet(spec: RunSpec, events: tuple[RunEvent, ...] = ()) -> RunRecord:
    """Return a run that has not begun."""
    return RunRecord(
        id="nothing yet", name="", status="running", spec=spec.to_json(), created_at=0.0, started_at=None, ended_at=None,
        metrics=no_metrics(), events=events, guess=(), result=None, failure=None,
    )  # fmt: skip


def _beginning(spec: RunSpec, recorded: RunRecord | None) -> list[tuple[float, float]]:
    if recorded is None or not fitting.goes_alike(spec, recorded.spec):
        return []
    shares, losses = guesses.validation_curve(recorded)
    return [(float(share), float(nats)) for share, nats in zip(shares, losses, strict=True) if share <= SHOWN_SHARE]


def _x_axis(spec: RunSpec) -> Data:
    words = {"seconds": _("{value} s"), "steps": _("step {value}"), "tokens": _("{value} tokens")}
    unit = spec.training.budget_unit
    return {"max": spec.training.budget, "title": _(loss_chart.X_TITLES[unit]), "words": words[unit]}


def _labels() -> dict[str, str]:
    return {
        "title": _("Guess first: how will the loss fall?"),
        "invite": _("✎ Draw your guess here"),
        "plot": _("Your guess. Draw with mouse or finger, or pick a shape below and move its handles with the arrow keys."),
        "known": _("so far, recorded"),
        "picks": _("Shapes to pick"),
        "handle": _("Guessed loss at {at}"),
        "nats": _("{value} nats"),
        "kept": _("Your guess is kept."),
    }


def _kept() -> Data:
    """Return the newest guess of this setup; the card forgets its own while the recording is shown in its place."""
    on_card = st.session_state.get(KEY)
    for drawn in (on_card.get("guess") if on_card else None, st.session_state.get(_KEPT)):
        if isinstance(drawn, dict) and drawn.get("setup") == live_state.setup_id():
            st.session_state[_KEPT] = drawn
            return drawn
    return {}
