"""Above the heads: which network, at which step, beside which other one, and on which text."""

from dataclasses import dataclass

import streamlit as st

from pages._ui import address, attention_state, inspected, network_choice
from pages._ui.inspected import AGAINST, AGAINST_STEP, MODEL, STEP, THIRD, THIRD_STEP, Model
from pages._ui.network_choice import Side
from ssl_core.i18n import N_, _

_PLACE, _NOTHING = "attention", ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """A place for a network beside the first; ``outdated`` leaves the address when another one takes it."""

    parameter: str
    label: str
    step: str
    step_label: str
    outdated: tuple[str, ...]


_BESIDE = (
    _Beside(
        parameter=AGAINST, label=N_("Beside it"), step=AGAINST_STEP, step_label=N_("Step of the one beside it"),
        outdated=(AGAINST_STEP, attention_state.AGAINST_TEXT),
    ),
    _Beside(
        parameter=THIRD, label=N_("And beside that"), step=THIRD_STEP, step_label=N_("Step of the third one"),
        outdated=(THIRD_STEP,),
    ),
)  # fmt: skip


def show(models: list[Model]) -> list[Side]:
    """Show the choices, each of which goes into the URL; return the networks that are looked into, one to three."""
    model = inspected.chosen(models)
    if model is None:
        return []
    others = _others(models)
    titles = {each.key: each.title for each in [model, *(each for each in others if each), *models]}
    sides: list[Side] = []
    with st.container(key="attention-choice", horizontal=True, vertical_alignment="bottom"):
        network_choice.choice(_("Network"), MODEL, titles, model.key, (STEP,), _PLACE)
        sides.append((model, network_choice.step(model, STEP, _("Step of the training"), _PLACE)))
        for other, beside in zip(others, _BESIDE, strict=False):
            now = other.key if other else _NOTHING
            network_choice.choice(
                _(beside.label), beside.parameter, {_NOTHING: _("nothing"), **titles}, now, beside.outdated, _PLACE
            )
            if other is not None:
                sides.append((other, network_choice.step(other, beside.step, _(beside.step_label), _PLACE)))
    with st.container(key="attention-text", horizontal=True, vertical_alignment="bottom"):
        limit = min(each.context_tokens for each, _step in sides)
        _text(_("Text, at most {limit} tokens").format(limit=limit), attention_state.TEXT, inspected.example(model))
        if len(sides) == 1:
            _text(_("Second sentence (optional)"), attention_state.PAIR, _("second sentence, if there is one"))
        else:
            _text(
                _("Text for the one beside it"),
                attention_state.AGAINST_TEXT,
                _("the same text, or another one"),
            )
    return sides


def _others(models: list[Model]) -> list[Model | None]:
    """Return which networks stand beside the first, and None for a place that could be filled next."""
    second = inspected.chosen(models, AGAINST)
    return [second] if second is None else [second, inspected.chosen(models, THIRD)]


def _text(label: str, parameter: str, usual: str) -> None:
    widget = f"{_PLACE}.{parameter}"
    st.session_state[widget] = st.query_params.get(parameter, "")[: attention_state.MAX_CHARACTERS]
    st.text_input(
        label, key=widget, placeholder=usual, max_chars=attention_state.MAX_CHARACTERS,
        on_change=address.take, args=(parameter, widget, ("cell",)),
    )  # fmt: skip
