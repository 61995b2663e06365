"""Depth below the pieces: the film, vocabulary sizes, the numbers, what to notice, limits and sources."""

import streamlit as st

from pages._ui import page, plain_table, section, tokenizer_film, tokenizer_sizes
from pages._ui.tokenizer_source import Shown
from ssl_core.corpora import Card
from ssl_core.i18n import _
from ssl_core.tokenization.pieces import pieces_of


def sections(places: list[Shown], text: str, corpus_key: str, cards: dict[str, Card]) -> None:
    """Show what there is to see beyond the first screen."""
    with st.container(key="tokenizers-depth"):
        section.show(
            _("How it was learned, step by step"), tokenizer_film.show, places, text, corpus_key,
            icon=":material/movie:", key="tokenizers-film",
        )  # fmt: skip
        section.show(
            _("How large should a vocabulary be?"), tokenizer_sizes.show, corpus_key, cards[corpus_key],
            icon=":material/show_chart:", key="tokenizers-sizes",
        )  # fmt: skip
        section.show(_("Show the numbers"), _numbers, places, text, icon=":material/table:", key="tokenizers-numbers")
        section.show(_("What to notice"), _prose, "tokenizers-notice", icon=":material/visibility:", key="tokenizers-notice")
        section.show(_("Limits and sources"), _prose, "tokenizers-limits", icon=":material/menu_book:", key="tokenizers-limits")


def _numbers(places: list[Shown], text: str) -> None:
    for each in places:
        if each.tokenizer is None:
            continue
        st.text(each.title)
        plain_table.show(
            [
                {
                    _("piece"): piece.shown,
                    _("token"): piece.token,
                    _("number"): piece.token_id,
                    _("characters"): f"{piece.start}–{piece.end}",
                    _("word"): piece.word + 1,
                }
                for piece in pieces_of(each.tokenizer, text)
            ]
        )


def _prose(name: str) -> None:
    st.markdown(page.prose(name))
