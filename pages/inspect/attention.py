"""Attention: where every head of a network looks, and what becomes of it as the network learns."""

import streamlit as st

from pages._ui import (
    attention_choice,
    attention_depth,
    attention_state,
    attention_view,
    inspected,
    lab_models,
    menu,
    page,
    style,
)
from pages._ui.asking import together
from ssl_core.errors import UserError
from ssl_core.i18n import _


def show() -> None:
    """Lay the page out: model and text, all heads and one of them, and depth below."""
    models = inspected.available()
    sides = attention_choice.show(models)
    if not sides:
        lab_models.how_to_get_one()
        return
    payload = {"text": attention_state.text(inspected.example(sides[0][0])), "pair": attention_state.pair()}
    together(
        [("attention", {"model": inspected.named(model, step), **payload}) for model, step in sides],
        lambda answers: attention_view.show([(*side, answer) for side, answer in zip(sides, answers, strict=True)]),
        place="attention",
    )
    attention_depth.sections(sides, payload)


page.header(_("Attention"), _("Where does each head look?"))
st.html(style.ASSETS / "attention.css")
try:
    show()
except UserError as problem:
    page.message(problem)
    st.button(_("Back to the first example"), icon=":material/undo:", on_click=st.query_params.clear)
menu.keep_address()
