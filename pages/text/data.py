"""Text: what is in a text before any model reads it, beside another one."""

import streamlit as st

from pages._ui import data_card, data_choice, data_depth, data_words, page, rank_chart, style
from ssl_core.i18n import _
from ssl_core.profile import kept

WIDTHS = (1.0, 1.35)


def show() -> None:
    """Lay the page out: two texts, the card of the first, both on one chart, what sets them apart, depth below."""
    card, other_card = data_choice.show()
    title, other_title = _(card.title), _(other_card.title)
    left, right = st.columns(WIDTHS, gap="medium")
    with right, st.container(key="data-chart"):
        portrait = data_choice.portrait(card)
        other = kept.found(other_card.key) if portrait is None else data_choice.portrait(other_card)
        known = [(name, each) for name, each in ((title, portrait), (other_title, other)) if each is not None]
        if known:  # until the first text is counted, the other one shows what is to come
            rank_chart.show(known, key="data.ranks")
    with left, st.container(key="data-card"):
        data_card.show(card, portrait)
    if portrait is None:
        return
    if other is not None:
        data_words.show(title, other_title, portrait, other)
    with st.container(key="data-depth"):
        data_depth.sections(card, portrait)
        if other is not None:
            data_words.numbers(title, other_title, portrait, other, key=f"data-{card.key}-{other_card.key}-apart")


page.header(_("Data"), _("What is in the text that a model learns from?"))
st.html(style.ASSETS / "data.css")
page.shown(show, _("Back to the first text"))
