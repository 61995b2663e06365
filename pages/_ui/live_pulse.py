"""The tick of a run in view: one message with all that changed, made once for all who look on in a language.

What stands beside it (buttons, the field for a sentence, the two pictures themselves) is laid out by the fragment around it,
which runs again only where a tick finds that something else is to stand there.
"""

import time
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from pages._ui import engine_state, language, live_controls, live_parts, live_state, own_sentence, pace, run_reading, run_words
from pages._ui.components import component
from pages._ui.sharing import ManyShared
from ssl_core.i18n import current_language
from ssl_core.runs import settled
from ssl_core.runs.record import RunRecord

QUEUE_MOVES_S = 1.0
"""In the queue the words change though the run does not: who is before it, and how long that takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A tick as it was made, and of what."""

    record: RunRecord
    badge: str
    made_at: float
    data: bytes


Shape = tuple[Any, ...]
_told: ManyShared[Told] = ManyShared(0.0)


def shape(record: RunRecord) -> Shape:
    """Return what decides which elements stand on the page, beside what the elements say."""
    remarks = (live_controls.remark_standing(), own_sentence.remark_standing())
    notes = (run_words.taken_over(record), settled.arithmetic(record) is not None, live_parts.measures(record) != "")
    return (record.status, notes, remarks)


def show(run_id: str, drawn: Shape) -> None:
    """Let the browser ask for ticks of a run whose elements have just been laid out in this ``drawn`` shape."""
    around = pace.fragment_id()
    with st.container(key="live-pulse"):
        language.fragment(run_every=pace.set_out())(_beat)(run_id, drawn, around)


def data(record: RunRecord) -> bytes:
    """Return what a tick tells in this language, made once for all who look on."""

    def made(before: Told | None) -> Told:
        badge = engine_state.html()
        is_new = before is None or before.record is not record or before.badge != badge
        if (
            before is not None
            and not is_new
            and (record.status != "queued" or time.monotonic() - before.made_at < QUEUE_MOVES_S)
        ):
            return before
        return Told(record=record, badge=badge, made_at=time.monotonic(), data=live_parts.told(record, badge))

    return _told.get((record.id, current_language()), made).data


def _beat(run_id: str, drawn: Shape, around: str) -> None:
    if not pace.is_tick():
        return  # all of it has just been laid out
    with pace.tick():
        record = run_reading.found(run_id)
        if record is None or live_state.run_id() != run_id or (record.is_finished and pace.takes_turn()):
            st.rerun()
        if not record.is_finished and shape(record) != drawn:
            _lay_out_again(around)
        component("live_pulse")(key="live.pulse", data=data(record))


def _lay_out_again(around: str) -> None:
    """Let the fragment around run next; st.rerun knows the whole page and the fragment itself only."""
    context = get_script_run_ctx()
    if context is None or context.script_requests is None:
        return
    context.script_requests.request_rerun(
        RerunData(
            query_string=context.query_string,
            page_script_hash=context.page_script_hash,
            fragment_id_queue=[around],
            cached_message_hashes=context.cached_message_hashes,
            context_info=context.context_info,
        )
    )
