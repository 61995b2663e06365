"""Above the heads: which network, at which step, beside which other one, and on which text."""

import streamlit as st

from pages._ui import attention_state, inspected, lab_models
from pages._ui.inspected import AGAINST, AGAINST_STEP, MODEL, STEP, Model
from ssl_core.i18n import _

NOTHING = ""
Side = tuple[Model, int | None]


def show(models: list[Model]) -> list[Side]:
    """Show the choices, each of which goes into the URL; return the networks that are looked into, one or two."""
    model = inspected.chosen(models)
    if model is None:
        return []
    other = inspected.chosen(models, AGAINST)
    titles = {each.key: each.title for each in [model, *([other] if other else []), *models]}
    sides: list[Side] = []
    with st.container(key="attention-choice", horizontal=True, vertical_alignment="bottom"):
        _choice(_("Network"), MODEL, list(titles), titles, model.key, (STEP,))
        sides.append((model, _step(model, STEP, _("Step of the training"))))
        beside = {NOTHING: _("nothing"), **titles}
        _choice(_("Beside it"), AGAINST, list(beside), beside, other.key if other else NOTHING, (AGAINST_STEP,))
        if other is not None:
            sides.append((other, _step(other, AGAINST_STEP, _("Step of the one beside it"))))
    with st.container(key="attention-text", horizontal=True, vertical_alignment="bottom"):
        _text(_("Text"), attention_state.TEXT, inspected.example(model))
        _text(_("Second sentence (optional)"), attention_state.PAIR, _("second sentence, if there is one"))
    return sides


def how_to_get_one() -> None:
    """Say that no network is there yet, and lead to the run that makes one in a minute."""
    lab_models.how_to_get_one()


def _choice(label: str, parameter: str, keys: list[str], titles: dict[str, str], now: str, outdated: tuple[str, ...]) -> None:
    widget = f"attention.{parameter}"
    st.session_state[widget] = now
    st.selectbox(label, keys, format_func=titles.get, key=widget, on_change=_set, args=(parameter, widget, outdated))


def _text(label: str, parameter: str, usual: str) -> None:
    widget = f"attention.{parameter}"
    st.session_state[widget] = st.query_params.get(parameter, "")[: attention_state.MAX_CHARACTERS]
    st.text_input(
        label, key=widget, placeholder=usual, max_chars=attention_state.MAX_CHARACTERS, label_visibility="collapsed",
        on_change=_set, args=(parameter, widget, ("cell",)),
    )  # fmt: skip


def _step(model: Model, parameter: str, label: str) -> int | None:
    """Let the learner go through the steps that are kept of a network; the newest unless one is chosen."""
    if len(model.steps) < 2:
        return None
    widget, newest = f"attention.{parameter}", model.steps[-1]
    now = inspected.step(model, parameter)
    st.session_state[widget] = newest if now is None else now
    st.select_slider(
        label, model.steps, key=widget, format_func=_written, on_change=_set_step, args=(parameter, widget, newest)
    )
    return now


def _written(step: int) -> str:
    return f"{step:,}" if step else _("untrained")


def _set_step(parameter: str, widget: str, newest: int) -> None:
    step = st.session_state[widget]
    if step == newest:
        st.query_params.pop(parameter, None)
    else:
        st.query_params[parameter] = str(step)


def _set(parameter: str, widget: str, outdated: tuple[str, ...]) -> None:
    value = str(st.session_state.get(widget) or "").strip()
    if value:
        st.query_params[parameter] = value
    else:
        st.query_params.pop(parameter, None)
    for each in outdated:
        st.query_params.pop(each, None)
