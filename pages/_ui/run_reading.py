"""Reading runs for many viewers: one store a process, one read a moment, and a pace that falls as a class looks on."""

import time
import uuid

import streamlit as st

from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs.record import RunRecord
from ssl_core.runs.store import Row, RunStore

SHARED_FOR_S = 0.5
PACES = ((100, 5.0), (30, 2.0), (8, 1.0), (0, 0.5))  # more viewers than this: seconds between two looks
GONE_AFTER_S = 15.0
_VIEWER = "shell.viewer"


def store() -> RunStore:
    """Return the run store, the same for all viewers."""
    return _store(paths.store_url())


def record(run_id: str) -> RunRecord:
    """Return a run as it stood at most half a second ago, read once for all who watch it.

    Raises: UserError if there is no such run.
    """
    return _record(paths.store_url(), run_id)


def found(run_id: str) -> RunRecord | None:
    """Return a run like ``record``, or None where it is gone."""
    try:
        return record(run_id)
    except UserError:
        return None


def rows() -> list[Row]:
    """Return all runs, newest first, read once for all who look."""
    return _rows(paths.store_url())


def pace_s() -> float:
    """Note that this viewer looks on, and return how many seconds to wait before the next look."""
    seen = _viewers()
    now = time.monotonic()
    seen[st.session_state.setdefault(_VIEWER, uuid.uuid4().hex)] = now
    for viewer in [viewer for viewer, at in list(seen.items()) if now - at > GONE_AFTER_S]:
        seen.pop(viewer, None)
    return next(pace for more_than, pace in PACES if len(seen) > more_than)


@st.cache_resource(show_spinner=False)
def _store(url: str) -> RunStore:
    return RunStore(url)


@st.cache_data(ttl=SHARED_FOR_S, show_spinner=False, max_entries=200)
def _record(url: str, run_id: str) -> RunRecord:
    return _store(url).record(run_id)


@st.cache_data(ttl=1, show_spinner=False)
def _rows(url: str) -> list[Row]:
    return [dict(row) for row in _store(url).rows()]


@st.cache_resource(show_spinner=False)
def _viewers() -> dict[str, float]:
    return {}
