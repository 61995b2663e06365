"""Depth below the live run: what to notice, limits, source, and what can be taken home."""

from collections.abc import Callable

import streamlit as st

from pages._ui import guess, live_state, page, run_lessons, section, source
from ssl_core import paths, pretext
from ssl_core.i18n import _
from ssl_core.runs import downloads
from ssl_core.runs.record import RunRecord


def lessons(task: str, over: RunRecord | None = None) -> None:
    """Show what to notice, in the run that is ``over`` if there is one, what this does not show, and where it comes from."""
    title, key = _("What to notice"), f"live-notice-{over is not None}"
    section.show(title, _notice, task, over, icon=":material/visibility:", is_open=over is not None, key=key)
    section.show(_("What this does not show"), _limits, icon=":material/rule:", key="live-limits")
    section.show(_("Formula and source"), _source, task, icon=":material/functions:", key="live-source")


def take_home(record: RunRecord) -> None:
    """Offer the curves, the settings, the model, and the line that repeats the run."""
    title = _("Take it home: numbers, settings, model")
    section.show(title, _downloads, record, icon=":material/download:", key="live-downloads")


def _notice(task: str, over: RunRecord | None) -> None:
    if over is None and not live_state.run_id() and not guess.points():
        st.markdown(_("This tells how it ends. It opens once you have guessed, or started."))
        return
    st.markdown(run_lessons.ahead(task) if over is None else run_lessons.afterwards(over))


def _limits() -> None:
    st.markdown(page.prose("live-limits"))


def _source(task: str) -> None:
    declared = pretext.task(task)
    st.latex(declared.FORMULA)
    st.markdown(_formula(task))
    st.markdown(source.linked(_(declared.SOURCE)))


def _formula(task: str) -> str:
    """Say what the signs of a task's formula stand for."""
    return page.prose_parts(f"task-{task}")["formula"] if page.has_prose(f"task-{task}") else ""


def _downloads(record: RunRecord) -> None:
    left, middle, right = st.columns(3)
    has_model = (paths.run_folder(record.id) / "model").is_dir()
    with left:
        _offer(_("Curves (CSV)"), lambda: downloads.metrics_csv(record), f"{record.id}-metrics.csv")
    with middle:
        _offer(_("Settings (JSON)"), lambda: downloads.config_json(record), f"{record.id}-config.json")
    with right:
        _offer(_("Model (zip)"), lambda: _model(record.id), f"{record.id}-model.zip", is_there=has_model)
    if not has_model:
        st.caption(_("There is no saved model of this run."))
    st.markdown(_("The same run on the command line:"))
    st.code(downloads.reproduce_command(record), language="bash", wrap_lines=True)


def _offer(label: str, make: Callable[[], str | bytes], filename: str, *, is_there: bool = True) -> None:
    """Offer a file that is made when it is asked for."""
    st.download_button(
        label, make, filename, disabled=not is_there, icon=":material/download:", on_click="ignore", width="stretch",
        key=f"live.download.{filename}",
    )  # fmt: skip


def _model(run_id: str) -> bytes:
    path = downloads.model_zip(run_id)
    assert path is not None, "the button is dead where there is no model"
    return path.read_bytes()
