"""A question to a model and its answer, in a place of the page that never changes its size.

The place has a line that says where the question stands, and below it a box of fixed height for the answer. While a newer
question waits, the older answer stays, paler; not one about another network, whose layers and heads the new one may not have.
"""

import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Literal

import streamlit as st

from pages._ui import language, pace, run_reading
from ssl_core.engine import client, questions, recorded_answers
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

WAIT_S = 0.3  # most answers come within the very run of the page that asked
LONG_S = 5
_VISITOR = "shell.asker"

Draw = Callable[[Answer], None]
DrawAll = Callable[[Sequence[Answer]], None]
DrawSome = Callable[[Sequence[Answer | None]], None]
Question = tuple[str, Mapping[str, Any]]
"""A kind and a payload, see ``ssl_core.analysis``."""

Height = int | Literal["content"]
_SLOWEST_LAST = ("answered", "failed", "waiting")


@dataclass(slots=True)
class _Place:
    """What a spot on the page remembers between two runs."""

    pending_id: str = ""
    network: str = ""
    last: Answer | None = None
    is_recorded: bool = False  # ``last`` answers the question that waits, and came with the app
    again: bool = False


def show(kind: str, payload: Mapping[str, Any], draw: Draw, *, place: str, height: int) -> None:
    """Ask, and show the answer with ``draw`` (given an answered ``Answer``) as soon as it is there.

    ``place`` names the spot and is unique on the page. A newer question there takes the place of one that still waits.
    Refreshes by itself until there is an answer; then the whole page runs again, once.
    """
    _show([(kind, payload)], lambda answers: draw(answers[0]), place, height)


def together(asked: Sequence[Question], draw: DrawAll, *, place: str, meanwhile: DrawSome | None = None) -> None:
    """Ask several questions and show all answers at once with ``draw``; those that are there before with ``meanwhile``.

    Like ``show``, but as high as its answers; CSS keeps its place open for them: ``.st-key-asking-room-<place>``.
    """
    with st.container(key=f"asking-room-{place}"):
        _show(asked, draw, place, "content", meanwhile)


def quietly(kind: str, payload: Mapping[str, Any], *, place: str) -> Answer:
    """Ask, and return where the question stands, for a picture of more than it; shows nothing. See ``wait_quietly``."""
    (answer,) = _all_asked([(kind, payload)], place, wait_s=WAIT_S)
    return answer


def wait_quietly(kind: str, payload: Mapping[str, Any], answer: Answer, *, place: str) -> None:
    """While ``answer`` waits, run the page again as soon as there is another one or something else to say; last on the page."""
    if answer.status == "waiting":
        with st.container(key=f"asking-quietly-{place}"):
            language.fragment(run_every=pace.seconds())(_wait_unseen)(kind, payload, place, briefly())


def briefly() -> str:
    """Say in a few words for what a question waits."""
    state = client.engine_state(run_reading.store()).state
    return _("The engine is starting …") if state in ("absent", "starting") else _("Asking the model …")


def ask_again(place: str) -> None:
    """Have the question of a place asked anew the next time, if it has failed."""
    _remembered(place).again = True


def _wait_unseen(kind: str, payload: Mapping[str, Any], place: str, said: str) -> None:
    (answer,) = _all_asked([(kind, payload)], place)
    if answer.status != "waiting" or briefly() != said:
        st.rerun()


def _show(asked: Sequence[Question], draw: DrawAll, place: str, height: Height, meanwhile: DrawSome | None = None) -> None:
    if len(asked) > 1:
        _all_asked(asked, place)  # so that all of them wait at the same time
    answers = _all_asked(asked, place, wait_s=WAIT_S)
    with st.container(key=f"asking-at-{place}", gap="small"):  # by the same key in every state: else its picture would blink
        if any(each.status == "waiting" for each in answers):
            to_draw = _to_draw(place, len(asked), meanwhile)
            language.fragment(run_every=pace.seconds())(_wait)(asked, place, to_draw, meanwhile)
        else:
            with st.container():  # as a fragment's line has
                _tell(answers, place)
        with st.container(height=height, border=False, key=f"asking-box-{place}"):  # outside what ticks: it holds widgets
            _answer(answers, draw, place, meanwhile)


def _wait(asked: Sequence[Question], place: str, drawn: Sequence[Any], meanwhile: DrawSome | None) -> None:
    """Tell where the questions stand, until there is something new to draw: then the whole page runs again."""
    answers = _all_asked(asked, place)
    if all(each.status != "waiting" for each in answers) or _to_draw(place, len(asked), meanwhile) != drawn:
        st.rerun()
    _tell(answers, place)


def _to_draw(place: str, count: int, meanwhile: DrawSome | None) -> Sequence[Any]:
    """Return what tells one picture from another: which answers it is made of."""
    known = [_remembered(spot) for spot in _spots(place, count)]
    made_of = [None if each.last is None else (each.last.id, each.is_recorded) for each in known]
    return made_of if meanwhile is not None or None not in made_of else []


def _all_asked(asked: Sequence[Question], place: str, wait_s: float = 0.0) -> list[Answer]:
    return [_asked(*question, spot, wait_s) for question, spot in zip(asked, _spots(place, len(asked)), strict=True)]


def _spots(place: str, count: int) -> list[str]:
    """Return what each of several questions that share a place is remembered by."""
    return [place] if count == 1 else [f"{place}.{number}" for number in range(count)]


def _asked(kind: str, payload: Mapping[str, Any], place: str, wait_s: float) -> Answer:
    visitor = st.session_state.setdefault(_VISITOR, uuid.uuid4().hex)
    store, here = run_reading.store(), _remembered(place)
    if (network := _network(payload)) != here.network:
        here.network, here.last, here.pending_id = network, None, ""
    earlier = questions.look(store, here.pending_id) if here.pending_id else None
    if earlier is not None and earlier.status == "answered":  # perhaps of weights that are not the newest any more
        here.last = earlier
    answer = questions.ask(store, kind, payload, asker=f"{visitor} {place}", wait_s=wait_s, again=here.again)
    here.again = False
    recorded = recorded_answers.find(kind, payload) if answer.status == "waiting" else None
    here.is_recorded = recorded is not None
    if answer.status == "answered" or recorded is not None:
        here.last = recorded or answer
    here.pending_id = answer.id if answer.status == "waiting" else ""
    return answer


def _network(payload: Mapping[str, Any]) -> str:
    """Return which network a question is about, whatever the step; "" where it names none."""
    model = payload.get("model")
    return str(model.get("run", "")) if isinstance(model, Mapping) else ""


def _tell(answers: Sequence[Answer], place: str) -> None:
    """Say in a line where the questions stand."""
    answer, _spot = _slowest(answers, place)
    is_recorded = answer.status == "waiting" and all(_remembered(each).is_recorded for each in _spots(place, len(answers)))
    status = "recorded" if is_recorded else answer.status
    line = _("Recorded earlier, until the model answers.") if is_recorded else _line(answer, is_alone=len(answers) == 1)
    st.html(f'<p class="pp-asking" role="status" data-status="{status}">{escape(line)}</p>')


def _answer(answers: Sequence[Answer], draw: DrawAll, place: str, meanwhile: DrawSome | None) -> None:
    """Draw the answers, those before where new ones are awaited, or say why there is none."""
    answer, spot = _slowest(answers, place)
    if answer.status == "failed":
        _failure(answer, spot)
        return
    known = [_remembered(each).last for each in _spots(place, len(answers))]
    shown = [each for each in known if each is not None]
    if len(shown) == len(answers):
        draw(shown)
    elif shown and meanwhile is not None:
        meanwhile(known)


def _slowest(answers: Sequence[Answer], place: str) -> tuple[Answer, str]:
    """Return the answer that holds up the others most, and its spot."""
    spots = _spots(place, len(answers))
    return max(zip(answers, spots, strict=True), key=lambda each: _SLOWEST_LAST.index(each[0].status))


def _line(answer: Answer, *, is_alone: bool) -> str:
    """Say where a question stands; of several answers each picture has its own title, which tells the step."""
    if answer.status == "failed":
        return _("There is no answer.")
    if answer.status == "answered":
        return _step(answer) if is_alone else ""
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
        return _("Answered by the model before its first step.")
    return _("Answered by the model as it was at step {step}.").format(step=f"{step:,}")


def _failure(answer: Answer, place: str) -> None:
    assert answer.reason is not None, "what failed says why"
    with st.container(key=f"asking-problem-{place}", border=True):
        st.text(answer.reason.message())
    if answer.may_retry:
        st.button(_("Try again"), icon=":material/refresh:", key=f"{place}.again", on_click=ask_again, args=(place,))


def _remembered(place: str) -> _Place:
    here: _Place = st.session_state.setdefault(f"{place}.asking", _Place())
    return here
