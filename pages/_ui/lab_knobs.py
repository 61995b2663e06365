"""Which tasks the lab shows, and their knobs."""

from dataclasses import replace
from typing import Any

import streamlit as st

from pages._ui import lab_state, page, settings_form
from pages._ui.by_hand import by_hand
from pages._ui.lab_state import NONE, SIDES, Asked
from ssl_core import pretext
from ssl_core.config import Knob, knobs
from ssl_core.errors import UserError
from ssl_core.i18n import _

NUM_COLUMNS = 4
CHOICE, SWITCH = 2.0, 1.3  # how much wider than a slider a knob is whose words must be read
FINER = ""  # where the button to the finer settings stands
_TASK = "lab.choice"


def choose() -> list[str]:
    """Show the choice of one task and of another beside it, and return which sides are in use."""
    labels = {SIDES[0]: _("Task"), SIDES[1]: _("Beside it")}
    titles = {key: _(pretext.task(key).TITLE) for key in pretext.MENU}
    for side in SIDES:
        options = [*([NONE] if side != SIDES[0] else []), *titles]
        key = f"{_TASK}.{side}"
        st.session_state[key] = lab_state.task(side)
        st.selectbox(
            labels[side], options, format_func=lambda each: titles.get(each, _("no other task")), key=key,
            on_change=_chosen, args=(side,),
        )  # fmt: skip
    return [side for side in SIDES if lab_state.task(side) != NONE]


def turn(sides: list[str]) -> list[Asked]:
    """Show the knobs of each side, and return what they say; what does not go together leaves a message."""
    found = []
    with st.container(key="lab-knobs", border=True):
        if SIDES[1] not in sides and (problem := lab_state.unknown_task(SIDES[1])) is not None:
            page.message(problem)
        for side in sides:
            asked = lab_state.asked(side)
            if asked.problem is not None:
                page.message(asked.problem)
            found.append(_side(asked, shows_name=len(sides) > 1))
    return found


def _side(asked: Asked, *, shows_name: bool) -> Asked:
    declared = knobs(type(asked.config))
    task = pretext.task(asked.task)
    if shows_name or not declared:
        page.note(_(task.TITLE) if declared else _("{task}: no settings.").format(task=_(task.TITLE)))
    if not declared:
        return asked
    values = _widgets(asked, declared)
    if asked.problem is None:
        lab_state.keep_knobs(asked.side, values, type(asked.config)())
    try:
        return replace(asked, config=replace(asked.config, **values))
    except UserError as problem:
        page.message(problem)
        return asked


def _widgets(asked: Asked, declared: dict[str, Knob]) -> dict[str, Any]:
    """Show the usual knobs in rows, the finer ones behind a button, and return what they all say."""
    values: dict[str, Any] = {}
    usual = [name for name, each in declared.items() if not each.advanced]
    finer = [name for name, each in declared.items() if each.advanced]
    places = [*usual, *([FINER] if finer else [])]
    for start in range(0, len(places), NUM_COLUMNS):
        row = places[start : start + NUM_COLUMNS]
        widths = [1.0 if place == FINER else _width(asked, place, declared[place]) for place in row]
        for place, column in zip(row, st.columns([*widths, *[1.0] * (NUM_COLUMNS - len(row))]), strict=False):
            with column:
                if place != FINER:
                    values[place] = _widget(asked, place, declared[place])
                    continue
                with st.popover(_("Finer settings"), icon=":material/tune:", key=f"lab.finer.{asked.side}", width="stretch"):
                    for name in finer:
                        values[name] = _widget(asked, name, declared[name])
    return values


def _width(asked: Asked, name: str, declared: Knob) -> float:
    if declared.choices is not None:
        return CHOICE
    return SWITCH if isinstance(getattr(asked.config, name), bool) else 1.0


def _widget(asked: Asked, name: str, declared: Knob) -> Any:
    key = f"lab.knob.{asked.side}.{asked.task}.{name}"
    return settings_form.field(declared, getattr(asked.config, name), key=key)


@by_hand
def _chosen(side: str) -> None:
    lab_state.choose_task(side, str(st.session_state[f"{_TASK}.{side}"]))
