"""Reading runs for many viewers: one store a process, and one read a moment, of what is new, for all who look on."""

import streamlit as st

from pages._ui.sharing import ManyShared
from ssl_core import paths
from ssl_core.errors import UserError
from ssl_core.runs.reading import Reading
from ssl_core.runs.record import RunRecord
from ssl_core.runs.store import Row, RunStore

SHARED_FOR_S = 0.25
_readings: ManyShared[Reading] = ManyShared(SHARED_FOR_S)


def store() -> RunStore:
    """Return the run store, the same for all viewers."""
    return _store(paths.store_url())


def record(run_id: str) -> RunRecord:
    """Return a run as it stood at most a quarter of a second ago: one object for all who watch it, until something is new.

    Raises: UserError if there is no such run.
    """
    url = paths.store_url()
    return _readings.get((url, run_id), lambda before: _store(url).reading(run_id, before)).record


def found(run_id: str) -> RunRecord | None:
    """Return a run like ``record``, or None where it is gone."""
    try:
        return record(run_id)
    except UserError:
        return None


def rows() -> list[Row]:
    """Return all runs, newest first, read once for all who look."""
    return _rows(paths.store_url())


@st.cache_resource(show_spinner=False)
def _store(url: str) -> RunStore:
    return RunStore(url)


@st.cache_data(ttl=1, show_spinner=False)
def _rows(url: str) -> list[Row]:
    return [dict(row) for row in _store(url).rows()]
