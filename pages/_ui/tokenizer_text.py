"""The text to cut, and what the vocabularies are learned from."""

import streamlit as st

from pages._ui import text_choice, tokenizer_state
from pages._ui.by_hand import by_hand
from pages._ui.tokenizer_state import TRICKS
from ssl_core.corpora import Card
from ssl_core.i18n import _, current_language
from ssl_core.tokenization.statistics import SIZES

_TRICK, _TEXT, _CORPUS, _SIZE = "tokenizers.trick", "tokenizers.text", "tokenizers.corpus", "tokenizers.size"


def show(cards: dict[str, Card]) -> None:
    """Show the tricky texts, the text itself, and what is learned from, how large."""
    language = current_language()
    text = tokenizer_state.text()
    st.session_state[_TRICK] = next((each.key for each in TRICKS if each.texts[language] == text), None)
    st.session_state[_TEXT] = text
    titles = {each.key: _(each.title) for each in TRICKS}
    st.pills(
        _("Tricky texts"), list(titles), format_func=titles.get, key=_TRICK, on_change=_tricked, label_visibility="collapsed"
    )
    left, middle, right = st.columns([2.1, 1.2, 1.2], vertical_alignment="top")
    with left:
        st.text_area(_("Text to tokenise"), key=_TEXT, height=94, max_chars=tokenizer_state.MAX_CHARACTERS, on_change=_typed)
    with middle:
        st.session_state[_CORPUS] = tokenizer_state.corpus_key(cards)
        st.selectbox(
            _("Vocabulary learned from"), list(cards), format_func=lambda key: text_choice.title(cards[key]), key=_CORPUS,
            on_change=_chosen, args=(tokenizer_state.CORPUS, _CORPUS),
        )  # fmt: skip
    with right:
        st.session_state[_SIZE] = tokenizer_state.size()
        st.select_slider(
            _("Vocabulary (tokens)"), SIZES, format_func=lambda size: f"{size:,}", key=_SIZE,
            on_change=_chosen, args=(tokenizer_state.SIZE, _SIZE),
        )  # fmt: skip


@by_hand
def _tricked() -> None:
    trick = next((each for each in TRICKS if each.key == st.session_state[_TRICK]), TRICKS[0])
    tokenizer_state.keep(tokenizer_state.TEXT, trick.texts[current_language_of_page()])


def current_language_of_page() -> str:
    """Return the page's language; a widget's callback comes before the page has chosen it."""
    return str(st.session_state.get("shell.current_language", "en"))


@by_hand
def _typed() -> None:
    tokenizer_state.keep(tokenizer_state.TEXT, str(st.session_state[_TEXT]))


@by_hand
def _chosen(name: str, key: str) -> None:
    tokenizer_state.keep(name, str(st.session_state[key]))
