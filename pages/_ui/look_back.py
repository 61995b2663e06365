"""Below a finished run's answers: a slider to its earlier ones, and a sentence that its network is asked about."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from pages._ui import own_sentence
from ssl_core.i18n import _
from ssl_core.runs.moment import snapshots
from ssl_core.runs.record import RunRecord


def show(record: RunRecord) -> int | None:
    """Offer what a finished run still tells: how its answers came about, and what its network says of another sentence."""
    steps = snapshots(record)
    has_slider = len(steps) > 1
    with st.container(key="live-afterwards", horizontal=True, vertical_alignment="center"):
        step = _look_back(steps, own_sentence.look_back_key(record.id)) if has_slider else None
        own_sentence.for_finished(str(record.spec["task"]), record.id, steps[-1] if has_slider else None)
    return step if has_slider else next(iter(steps), None)


def _look_back(steps: Sequence[int], key: str) -> int:
    """Let the learner move through the moments at which the probes were looked at."""
    if st.session_state.get(key) not in steps:
        st.session_state[key] = steps[-1]
    with st.container(key="live-look-back", horizontal=True):
        st.html(f'<span class="live-label">{escape(_("Look back"))}</span>', width="content")
        return int(
            st.select_slider(
                _("Look back to step"), steps, format_func=lambda step: f"{step:,}", label_visibility="collapsed", key=key
            )
        )
