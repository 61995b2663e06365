"""Guess first: what does the loss become? One click, then the instrument moves there; the score is kept."""

import math
from html import escape
from typing import Any

import streamlit as st

from pages._ui import loss_lab_state
from pages._ui.loss_lab_part import Change, Part, State
from pages._ui.number_strip import three_digits
from ssl_core.i18n import _

_SCORE, _TOLD, _ASKED = "loss_lab.score", "loss_lab.told", "loss_lab.asked"
NUM_OPTIONS = 3
_APART, _APART_NATS = 0.12, 0.06  # two answers offered differ by this share, and by so many nats at least


def show(part: Part, state: State) -> None:
    """Ask, or tell what became of the guess."""
    with st.container(key="loss-lab-guess", border=True):
        if part.key in _told():
            st.html(f'<p role="status">{_verdict(part, **_told()[part.key])}</p>')
        else:
            st.html(f"<p>{escape(_asks(part, state))}</p>")
        with st.container(key="loss-lab-answers", horizontal=True, vertical_alignment="center"):
            if part.key in _told():
                st.button(_("Next question"), key=f"loss_lab.again {part.key}", on_click=_again, args=(part,))
            else:
                _offer(part, state)
            st.html(f'<p class="loss-lab-score">{escape(_score_line())}</p>')


def options(before: float, truth: float) -> list[float]:
    """Return the true loss between two others that one might take for it, in order."""
    chosen = [truth]
    for each in (
        before,
        2 * before,
        before / 2,
        before + math.log(2),
        2 * truth,
        truth + 0.5,
        truth / 3,
        truth + 1.5,
        truth + 4.0,
    ):
        if all(abs(each - other) > max(_APART_NATS, _APART * max(abs(each), abs(other))) for other in chosen):
            chosen.append(each)
        if len(chosen) == NUM_OPTIONS:
            break
    return sorted(chosen)


def question(part: Part, state: State) -> Change:
    """Return what is asked now: one change after the other."""
    changes = part.changes(state)
    return changes[_asked().get(part.key, 0) % len(changes)]


def _asks(part: Part, state: State) -> str:
    change = question(part, state)
    before = three_digits(part.numbers(state)["loss"])
    asked = _("Guess first: the loss is {before} nats. What does it become if {change}?")
    return asked.format(before=before, change=change.text)


def _offer(part: Part, state: State) -> None:
    change = question(part, state)
    before, truth = (part.numbers(each)["loss"] for each in (state, change.state))
    offered = options(before, truth)
    key = f"loss_lab.guess {part.key} {_asked().get(part.key, 0)} {state}"
    st.segmented_control(
        _asks(part, state), range(len(offered)), label_visibility="collapsed", key=key, on_change=_guessed,
        format_func=lambda each: _("{loss} nats").format(loss=three_digits(offered[each])),
        args=(part, state, change, key, offered.index(truth)),
    )  # fmt: skip


def _guessed(part: Part, state: State, change: Change, key: str, place: int) -> None:
    chosen = st.session_state.get(key)
    if chosen is None:
        return
    is_right = chosen == place
    st.session_state[_SCORE] = [*st.session_state.get(_SCORE, []), is_right]
    _told()[part.key] = {"state": state, "number": _asked().get(part.key, 0), "is_right": is_right}
    loss_lab_state.put(part, change.state)


def _verdict(part: Part, state: State, number: int, is_right: bool) -> str:
    """Put what became of a guess into words, in the page's language, as HTML."""
    changes = part.changes(state)
    change = changes[number % len(changes)]
    before, after = (three_digits(part.numbers(each)["loss"]) for each in (state, change.state))
    said = _("The loss goes from {before} to {after} nats if {change}.").format(before=before, after=after, change=change.text)
    verdict = _("✓ Right.") if is_right else _("Not quite.")
    return f"<b>{escape(verdict)}</b> {escape(said)} {escape(change.lesson)}"


def _again(part: Part) -> None:
    _told().pop(part.key, None)
    _asked()[part.key] = _asked().get(part.key, 0) + 1


def _score_line() -> str:
    tried = st.session_state.get(_SCORE, [])
    return _("{right} of {tried} correct").format(right=sum(tried), tried=len(tried)) if tried else ""


def _told() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = st.session_state.setdefault(_TOLD, {})
    return found


def _asked() -> dict[str, int]:
    found: dict[str, int] = st.session_state.setdefault(_ASKED, {})
    return found
