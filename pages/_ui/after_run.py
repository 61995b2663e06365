"""Depth below the live run: what to notice, limits, source, and what can be taken home."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from pages._ui import page, source
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs import downloads
from ssl_core.runs.record import RunRecord


def lessons(task: str, *, is_over: bool) -> None:
    """Show what to notice, what this does not show, and where it comes from."""
    declared = pretext.task(task)
    with st.expander(_("What to notice"), icon=":material/visibility:", expanded=is_over, key=f"live-notice-{is_over}"):
        st.markdown(page.prose(f"live-notice-{declared.PROBE}"))
    with st.expander(_("What this does not show"), icon=":material/rule:", key="live-limits"):
        st.markdown(page.prose("live-limits"))
    with st.expander(_("Formula and source"), icon=":material/functions:", key="live-source"):
        st.latex(declared.FORMULA)
        st.markdown(page.prose(f"live-formula-{declared.PROBE}"))
        st.markdown(source.linked(declared.SOURCE))


def take_home(record: RunRecord) -> None:
    """Offer the curves, the settings, the model, and the line that repeats the run."""
    with st.expander(_("Take it home: numbers, settings, model"), icon=":material/download:", key="live-downloads"):
        left, middle, right = st.columns(3)
        with left:
            _offer(_("Curves (CSV)"), lambda: downloads.metrics_csv(record), f"{record.id}-metrics.csv", "text/csv")
        with middle:
            _offer(_("Settings (JSON)"), lambda: downloads.config_json(record), f"{record.id}-config.json", "application/json")
        with right:
            _offer(_("Model (zip)"), lambda: _model(record.id), f"{record.id}-model.zip", "application/zip")
        st.markdown(_("The same run on the command line:"))
        st.code(downloads.reproduce_command(record), language="bash", wrap_lines=True)


def _offer(label: str, make: Callable[[], Any], filename: str, mime: str) -> None:
    try:
        data = make()
    except UserError as problem:
        data, reason = None, problem.message()
    else:
        reason = "" if data is not None else _("There is no saved model of this run.")
    st.download_button(
        label, data if data is not None else b"", filename, mime, disabled=data is None, help=reason or None,
        icon=":material/download:", on_click="ignore", width="stretch", key=f"live.download.{filename}",
    )  # fmt: skip


def _model(run_id: str) -> bytes | None:
    path: Path | None = downloads.model_zip(run_id)
    return path.read_bytes() if path is not None else None
