"""Below a finished run's answers: a slider to its earlier ones, and a sentence that its network is asked about."""

from html import escape

import streamlit as st

from pages._ui import own_answer, own_sentence
from ssl_core.i18n import _
from ssl_core.runs.moment import snapshots
from ssl_core.runs.record import RunRecord


def show(record: RunRecord) -> int | None:
    """Offer what a finished run still tells: how its answers came about, and what its network says of another sentence."""
    task = str(record.spec["task"])
    if not own_answer.may_be_asked(task, record.id):
        return _look_back(record)
    with st.container(key="live-afterwards", horizontal=True, vertical_alignment="center"):
        step = _look_back(record)
        own_sentence.for_finished(task, record.id)
    return step


def _look_back(record: RunRecord) -> int | None:
    """Let the learner move through the moments at which the probes were looked at."""
    steps = snapshots(record)
    if len(steps) < 2:
        return steps[-1] if steps else None
    with st.container(key="live-look-back", horizontal=True):
        st.html(f'<span class="live-label">{escape(_("Look back"))}</span>', width="content")
        chosen = st.select_slider(
            _("Look back to step"),
            steps,
            value=steps[-1],
            format_func=lambda step: f"{step:,}",
            label_visibility="collapsed",
            key=f"live.look_back.{record.id}",
        )
    return int(chosen)
