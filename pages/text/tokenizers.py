"""Text: the pieces in which a model reads, under several tokenizers side by side."""

import streamlit as st

from pages._ui import (
    address,
    page,
    style,
    tokenizer_columns,
    tokenizer_depth,
    tokenizer_guess,
    tokenizer_source,
    tokenizer_state,
    tokenizer_text,
)
from ssl_core.i18n import _
from ssl_core.tokenization.pieces import pieces_of


def show() -> None:
    """Lay the page out: a text, a guess, its pieces side by side, and depth below."""
    cards = tokenizer_state.cards()
    tokenizer_text.show(cards)
    text, corpus_key, titles = tokenizer_state.text(), tokenizer_state.corpus_key(cards), tokenizer_state.names()
    named = {place: tokenizer_state.chosen(place) for place in tokenizer_state.PLACES}
    places = {
        place: tokenizer_source.shown(place, name, titles, corpus_key)
        for place, name in named.items()
        if name != tokenizer_state.NONE
    }
    shown = list(places.values())
    asks = tokenizer_guess.is_open(text)
    if asks:
        tokenizer_guess.show(text, shown[0].title)
    else:
        counts = [(each.title, None if each.tokenizer is None else len(pieces_of(each.tokenizer, text))) for each in shown]
        tokenizer_guess.truth(text, counts)
    tokenizer_columns.show(named, titles, places, text, corpus_key, asks=asks)
    tokenizer_depth.sections(shown, text, corpus_key, cards)


page.header(_("Tokenizers"), _("In which pieces does a model read a text?"))
st.html(style.ASSETS / "tokenizers.css")
page.shown(show, _("Back to the first text"))
address.send()
