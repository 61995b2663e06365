"""A question to a model and its answer, in a place of the page that never changes its size.

The place has a line that says where the question stands, and below it a box of fixed height for the answer. While a newer
question waits, the older answer stays, paler.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st

from pages._ui import language, run_reading
from ssl_core.engine import client, questions
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

WAIT_S = 0.3  # most answers come within the very run of the page that asked
LONG_S = 5
_VISITOR = "shell.asker"

Draw = Callable[[Answer], None]
DrawAll = Callable[[Sequence[Answer]], None]


@dataclass(slots=True)
class _Place:
    """What a spot on the page remembers between two runs."""

    pending_id: str = ""
    last: Answer | None = None
    again: bool = False


def show(kind: str, payload: Mapping[str, Any], draw: Draw, *, place: str, height: int) -> None:
    """Ask, and show the answer with ``draw`` (given an answered ``Answer``) as soon as it is there.

    ``place`` names the spot and is unique on the page. A newer question there takes the place of one that still waits.
    Refreshes by itself until there is an answer; then the whole page runs again, once.
    """
    answer = _asked(kind, payload, place, wait_s=WAIT_S)
    if answer.status == "waiting":
        language.fragment(run_every=run_reading.pace_s())(_waiting)(kind, payload, draw, place, height)
    else:
        _lay_out(answer, draw, place, height)


def together(asked: Sequence[tuple[str, Mapping[str, Any]]], draw: DrawAll, *, place: str) -> None:
    """Ask several questions (kind and payload each) and show all answers at once with ``draw``.

    Like ``show``, but as high as its answers; CSS keeps its place open for them: ``.st-key-asking-room-<place>``.
    """
    with st.container(key=f"asking-room-{place}"):
        answers = _all_asked(asked, place, wait_s=WAIT_S)
        if any(each.status == "waiting" for each in answers):
            language.fragment(run_every=run_reading.pace_s())(_waiting_for_all)(asked, draw, place)
        else:
            _lay_out_all(answers, draw, place)


def _waiting_for_all(asked: Sequence[tuple[str, Mapping[str, Any]]], draw: DrawAll, place: str) -> None:
    answers = _all_asked(asked, place)
    if all(each.status != "waiting" for each in answers):
        st.rerun()
    _lay_out_all(answers, draw, place)


def _all_asked(asked: Sequence[tuple[str, Mapping[str, Any]]], place: str, wait_s: float = 0.0) -> list[Answer]:
    return [_asked(kind, payload, f"{place}.{number}", wait_s=wait_s) for number, (kind, payload) in enumerate(asked)]


def _lay_out_all(answers: Sequence[Answer], draw: DrawAll, place: str) -> None:
    slowest = max(answers, key=lambda each: ("answered", "failed", "waiting").index(each.status))
    number = list(answers).index(slowest)
    with st.container(key=f"asking-{slowest.status}-{place}", gap="small"):
        st.html(f'<p class="pp-asking" role="status">{escape(_line(slowest))}</p>')
        if slowest.status == "failed":
            _failure(slowest, f"{place}.{number}")
            return
        shown = [each if each.status == "answered" else _remembered(f"{place}.{i}").last for i, each in enumerate(answers)]
        there = [each for each in shown if each is not None]
        if len(there) == len(answers):
            draw(there)


def _waiting(kind: str, payload: Mapping[str, Any], draw: Draw, place: str, height: int) -> None:
    answer = _asked(kind, payload, place)
    if answer.status != "waiting":
        st.rerun()
    _lay_out(answer, draw, place, height)


def _asked(kind: str, payload: Mapping[str, Any], place: str, wait_s: float = 0.0) -> Answer:
    visitor = st.session_state.setdefault(_VISITOR, uuid.uuid4().hex)
    store, here = run_reading.store(), _remembered(place)
    earlier = questions.look(store, here.pending_id) if here.pending_id else None
    if earlier is not None and earlier.status == "answered":  # perhaps of weights that are not the newest any more
        here.last = earlier
    answer = questions.ask(store, kind, payload, asker=f"{visitor} {place}", wait_s=wait_s, again=here.again)
    here.again = False
    if answer.status == "answered":
        here.last = answer
    here.pending_id = answer.id if answer.status == "waiting" else ""
    return answer


def _lay_out(answer: Answer, draw: Draw, place: str, height: int) -> None:
    here = _remembered(place)
    is_waiting = answer.status == "waiting"
    with st.container(key=f"asking-{answer.status}-{place}", gap="small"):
        st.html(f'<p class="pp-asking" role="status">{escape(_line(answer))}</p>')
        with st.container(height=height, border=False):
            if answer.status == "failed":
                _failure(answer, place)
            elif is_waiting and here.last is not None:
                draw(here.last)
            elif not is_waiting:
                draw(answer)


def _line(answer: Answer) -> str:
    """Say where a question stands."""
    if answer.status == "failed":
        return _("There is no answer.")
    if answer.status == "answered":
        return _step(answer)
    if answer.reason is not None:
        return answer.reason.message()
    state = client.engine_state(run_reading.store()).state
    if state in ("absent", "starting"):
        return _("The engine is starting. The first answer takes some seconds.")
    waited_s = time.time() - (answer.asked_at or time.time())
    if waited_s < LONG_S:
        return _("Asking the model …")
    seconds = int(waited_s // LONG_S * LONG_S)  # not every second: a screen reader says each change
    return _("Asking the model … {seconds} s so far").format(seconds=seconds)


def _step(answer: Answer) -> str:
    step = answer.values.get("step")
    if step is None:
        return ""
    if step == 0:
        return _("Answered by the untrained model.")
    return _("Answered by the model as it was at step {step}.").format(step=f"{step:,}")


def _failure(answer: Answer, place: str) -> None:
    assert answer.reason is not None, "what failed says why"
    with st.container(key=f"asking-problem-{place}", border=True):
        st.text(answer.reason.message())
    if answer.may_retry:
        st.button(_("Try again"), icon=":material/refresh:", key=f"{place}.again", on_click=_ask_again, args=(place,))


def _ask_again(place: str) -> None:
    _remembered(place).again = True


def _remembered(place: str) -> _Place:
    here: _Place = st.session_state.setdefault(f"{place}.asking", _Place())
    return here
