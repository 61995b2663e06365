"""Attention: where every head of a network looks, and what becomes of it as the network learns."""

from collections.abc import Sequence

import streamlit as st

from pages._ui import (
    address,
    attention_choice,
    attention_depth,
    attention_state,
    attention_view,
    inspected,
    lab_models,
    page,
    style,
)
from pages._ui.asking import together
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _


def show() -> None:
    """Lay the page out: model and text, all heads and one of them, and depth below."""
    models = inspected.available()
    sides = attention_choice.show(models)
    if not sides:
        lab_models.how_to_get_one()
        return
    text, pair = attention_state.text(inspected.example(sides[0][0])), attention_state.pair() if len(sides) == 1 else ""
    texts = [text, attention_state.against_text(text), text][: len(sides)]
    asked = [
        ("attention", {"model": inspected.named(model, step), "text": text, "pair": pair})
        for (model, step), text in zip(sides, texts, strict=True)
    ]

    def draw(answers: Sequence[Answer | None]) -> None:
        seen = zip(sides, texts, answers, strict=True)
        attention_view.show([(*side, text, answer) for side, text, answer in seen if answer is not None])

    together(asked, draw, place="attention", meanwhile=draw)
    attention_depth.sections(sides, asked)


page.header(_("Attention"), _("Where does each head look?"))
st.html(style.ASSETS / "attention.css")
page.shown(show, _("Back to the first example"))
address.send()
