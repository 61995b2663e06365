"""What can be done with a run of the list: rename, stop, delete. What can't be undone asks first."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from pages._ui import language, page, run_reading
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.runs.record import FINISHED
from ssl_core.runs.store import MAX_NAME_CHARACTERS

RENAME, STOP, DELETE = "rename", "stop", "delete"
_ASKED = "runs.asked"
TITLES = {RENAME: N_("Rename"), STOP: N_("Stop"), DELETE: N_("Delete")}


def offered(row: Mapping[str, Any]) -> list[str]:
    """Return what can be done with a run as it stands: one that goes on must be stopped before it can be deleted."""
    return [RENAME, DELETE] if row["status"] in FINISHED else [RENAME, STOP]


def open_later(action: str, row: Mapping[str, Any]) -> None:
    """Run the page again, this time with the dialog of an action: inside of the list the next tick would close it."""
    st.session_state[_ASKED] = (action, row)
    st.rerun()


def show_dialog() -> None:
    """Open the dialog that was asked for, if any; call it outside of fragments."""
    if _ASKED in st.session_state:
        action, row = st.session_state[_ASKED]
        language.dialog(_(TITLES[action]), on_dismiss=_close)({RENAME: _rename, STOP: _stop, DELETE: _delete}[action])(row)


def _rename(row: Mapping[str, Any]) -> None:
    with st.form("runs.rename", border=False):
        name = st.text_input(_("Name"), row["name"], max_chars=MAX_NAME_CHARACTERS, key="runs.rename.name")
        if st.form_submit_button(_("Rename"), type="primary"):
            _do(lambda: run_reading.store().rename(row["id"], name))


def _stop(row: Mapping[str, Any]) -> None:
    st.text(row["name"])
    st.markdown(_("It ends after this step and keeps its curves, samples and model."))
    if st.button(_("Stop it now"), type="primary", key="runs.stop"):
        _do(lambda: run_reading.store().control(row["id"], "stop"))


def _delete(row: Mapping[str, Any]) -> None:
    st.text(row["name"])
    st.markdown(_("Its curves, samples and model are removed for good."))
    if st.button(_("Delete it for good"), type="primary", key="runs.delete"):
        _do(lambda: run_reading.store().delete(row["id"]))


def _do(action: Callable[[], Any]) -> None:
    try:
        action()
    except UserError as problem:
        page.message(problem)
    else:
        _close()
        st.rerun()


def _close() -> None:
    st.session_state.pop(_ASKED, None)
