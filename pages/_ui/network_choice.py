"""Choosing a network and one of its steps, kept in the URL, on every page that looks into networks."""

from functools import partial

import streamlit as st

from pages._ui import address, inspected
from pages._ui.by_hand import by_hand
from pages._ui.inspected import MODEL, STEP, Model
from ssl_core.i18n import _

Side = tuple[Model, int | None]


def one(models: list[Model], place: str, outdated: tuple[str, ...] = ()) -> Side | None:
    """Let one network be chosen, and its step; None where there is none. ``outdated`` leaves the address with a network."""
    model = inspected.chosen(models)
    if model is None:
        return None
    titles = {each.key: each.title for each in [model, *models]}
    with st.container(key=f"{place}-choice", horizontal=True, vertical_alignment="bottom"):
        choice(_("Network"), MODEL, titles, model.key, (STEP, *outdated), place)
        return model, step(model, STEP, _("Step of the training"), place)


def choice(label: str, parameter: str, titles: dict[str, str], now: str, outdated: tuple[str, ...], place: str) -> None:
    """Show a choice among keys with titles; ``outdated`` parameters leave the address with the choice before."""
    widget = f"{place}.{parameter}"
    st.session_state[widget] = now
    st.selectbox(
        label, list(titles), format_func=titles.get, key=widget, on_change=address.take, args=(parameter, widget, outdated)
    )


def step(model: Model, parameter: str, label: str, place: str) -> int | None:
    """Let the learner go through the steps that are kept of a network; None stands for the newest."""
    if len(model.steps) < 2:
        return None
    widget, newest = f"{place}.{parameter}", model.steps[-1]
    now = inspected.step(model, parameter)
    st.session_state[widget] = newest if now is None else now
    written = partial(inspected.step_title, model)
    st.select_slider(label, model.steps, key=widget, format_func=written, on_change=_put_step, args=(parameter, widget, newest))
    return now


@by_hand
def _put_step(parameter: str, widget: str, newest: int) -> None:
    address.put(parameter, str(st.session_state[widget]), usual=str(newest))
