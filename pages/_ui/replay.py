"""Replays of recorded runs: over and over, faster than they were, from where this reader began."""

import time

import streamlit as st

from ssl_core.runs.record import RunRecord

SPEED = 3.0
REST_S = 5.0  # at the end, before it begins again
_BEGAN = "live.replay_began"


def seconds_shown(length_s: float, waited_s: float) -> float:
    """Return which second of a run to show, after watching for ``waited_s``."""
    return min((waited_s % (length_s / SPEED + REST_S)) * SPEED, length_s)


def now(recorded: RunRecord, *, name: str) -> tuple[RunRecord, float, float]:
    """Return the run as it stands in this reader's replay, with the second shown and how many there are."""
    length_s = float(recorded.metrics["elapsed_s"][-1]) if len(recorded.metrics["elapsed_s"]) else 0.0
    began = st.session_state.setdefault(f"{_BEGAN} {name}", time.monotonic())
    second = seconds_shown(length_s, time.monotonic() - began)
    return recorded.until(second), second, length_s


def again(name: str) -> None:
    """Let a replay begin afresh."""
    st.session_state.pop(f"{_BEGAN} {name}", None)
