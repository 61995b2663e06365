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


def second_now(recorded: RunRecord) -> float:
    """Return the second that this reader's replay is at."""
    began = st.session_state.setdefault(f"{_BEGAN} {recorded.id}", time.monotonic())
    return seconds_shown(length_of(recorded), time.monotonic() - began)


def share_now(name: str, length_s: float) -> float:
    """Return how much of a replay called ``name`` that takes ``length_s`` at its true speed this reader has seen, 0 to 1."""
    began = st.session_state.setdefault(f"{_BEGAN} {name}", time.monotonic())
    return seconds_shown(length_s, time.monotonic() - began) / length_s


def length_of(recorded: RunRecord) -> float:
    """Return how many seconds a recorded run took."""
    elapsed_s = recorded.metrics["elapsed_s"]
    return float(elapsed_s[-1]) if len(elapsed_s) else 0.0
