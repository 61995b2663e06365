"""Uploaded files are let go when their page is left: Streamlit 1.67 would keep their bytes until the session ends."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

_KNOWN, _SHOWN = "shell.files", "shell.files_shown"


def is_shown(file_id: str) -> None:
    """Note that an uploader shows this file."""
    for name in (_KNOWN, _SHOWN):
        st.session_state.setdefault(name, set()).add(file_id)


@contextmanager
def kept_while_shown() -> Iterator[None]:
    """Lay out a whole page, and let go of all files that no uploader on it shows any more."""
    st.session_state[_SHOWN] = set()
    yield
    known, shown = st.session_state.get(_KNOWN, set()), st.session_state[_SHOWN]
    for file_id in known - shown:  # where a page was not laid out to its end, it is for the next one to do
        _let_go(file_id)
    st.session_state[_KNOWN] = known & shown


def is_gone(file_id: str) -> bool:
    """Return whether the visitor has taken a file away, or put another one in its place, since this run began.

    Streamlit lets no part of a page break off another one, so a part that takes long has to ask.
    """
    context = get_script_run_ctx()
    return context is not None and not context.uploaded_file_mgr.get_files(context.session_id, [file_id])


def _let_go(file_id: str) -> None:
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=file_id)
