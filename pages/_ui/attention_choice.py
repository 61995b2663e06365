"""Above the heads: which network, at which step, beside which other one, and on which text."""

import streamlit as st

from pages._ui import address, attention_state, inspected, network_choice
from pages._ui.inspected import AGAINST, AGAINST_STEP, MODEL, STEP, Model
from pages._ui.network_choice import Side
from ssl_core.i18n import _

_PLACE, _NOTHING = "attention", ""


def show(models: list[Model]) -> list[Side]:
    """Show the choices, each of which goes into the URL; return the networks that are looked into, one or two."""
    model = inspected.chosen(models)
    if model is None:
        return []
    other = inspected.chosen(models, AGAINST)
    titles = {each.key: each.title for each in [model, *([other] if other else []), *models]}
    sides: list[Side] = []
    with st.container(key="attention-choice", horizontal=True, vertical_alignment="bottom"):
        network_choice.choice(_("Network"), MODEL, titles, model.key, (STEP,), _PLACE)
        sides.append((model, network_choice.step(model, STEP, _("Step of the training"), _PLACE)))
        beside = {_NOTHING: _("nothing"), **titles}
        network_choice.choice(
            _("Beside it"),
            AGAINST,
            beside,
            other.key if other else _NOTHING,
            (AGAINST_STEP, attention_state.AGAINST_TEXT),
            _PLACE,
        )
        if other is not None:
            sides.append((other, network_choice.step(other, AGAINST_STEP, _("Step of the one beside it"), _PLACE)))
    with st.container(key="attention-text", horizontal=True, vertical_alignment="bottom"):
        _text(_("Text"), attention_state.TEXT, inspected.example(model))
        if other is None:
            _text(_("Second sentence (optional)"), attention_state.PAIR, _("second sentence, if there is one"))
        else:
            _text(
                _("Text for the one beside it"), attention_state.AGAINST_TEXT, _("the same text for both, or another one here")
            )
    return sides


def _text(label: str, parameter: str, usual: str) -> None:
    widget = f"{_PLACE}.{parameter}"
    st.session_state[widget] = st.query_params.get(parameter, "")[: attention_state.MAX_CHARACTERS]
    st.text_input(
        label, key=widget, placeholder=usual, max_chars=attention_state.MAX_CHARACTERS, label_visibility="collapsed",
        on_change=address.take, args=(parameter, widget, ("cell",)),
    )  # fmt: skip
