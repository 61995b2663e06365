"""Whole words: pieces that belong together, and what goes wrong when only half a word is hidden."""

from html import escape

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages._ui import lab_state, lab_text, page
from pages._ui.lab_example import Made, shown
from ssl_core import corpora
from ssl_core.i18n import _, current_language
from ssl_core.pretext import half_words
from ssl_core.tokenization import kinds

NUM_CHARACTERS = {"en": 800_000, "zh": 250_000}  # of the text that is counted in: some tenths of a second
MOST_WORDS = 4


def show(made: Made) -> None:
    """Show the words as groups, and for those of several pieces how well one piece is known by the others."""
    st.markdown(page.prose("masking-lab-words"))
    reading = made.reading
    is_special_T = np.isin(reading.ids_T, reading.vocabulary.special_ids)
    found = half_words.groups(reading.starts_word_T.copy(), is_special_T)
    st.html(_groups(made, found))
    in_pieces = [reading.ids_T[start:end].tolist() for start, end in found if end - start > 1]
    if not in_pieces:
        page.note(_("In this text, with this vocabulary, every word is one token: nothing can be half hidden."))
        st.button(
            _("Take a text whose words come in pieces"), icon=":material/content_cut:", key="lab.pieces",
            on_click=_take, args=(lab_text.IN_PIECES[current_language()],),
        )  # fmt: skip
        return
    with st.spinner(_("Counting in the text")):
        text_ids_N = _counted_text(reading.corpus, made)
    distinct = list(dict.fromkeys(tuple(each) for each in in_pieces))[:MOST_WORDS]
    st.html("".join(_story(made, list(each), text_ids_N) for each in distinct))


def _groups(made: Made, found: list[tuple[int, int]]) -> str:
    ids = made.reading.ids_T.tolist()
    words = "".join(
        f'<li class="{"many" if end - start > 1 else "one"}">'
        + "".join(f"<bdi>{escape(shown(each, made).removeprefix('-') or '-')}</bdi>" for each in ids[start:end])
        + "</li>"
        for start, end in found
    )
    return f'<ol class="lab-words" aria-label="{escape(_("Words and their pieces"))}">{words}</ol>'


def _story(made: Made, word: list[int], text_ids_N: npt.NDArray[np.integer]) -> str:
    leak = half_words.worst(text_ids_N, word)
    pieces = [shown(each, made).removeprefix("-") or "-" for each in word]
    chips = "".join(
        f'<b class="{"r1" if place == leak.place else "r0"}">{"▢" if place == leak.place else escape(each)}</b>'
        for place, each in enumerate(pieces)
    )
    hidden = pieces[leak.place]
    if leak.num_places:
        said = _(
            "Hide only “{piece}” of “{word}”. In this text its other pieces stand like this {count} times, and {share} of "
            "them have “{piece}” in the gap. Anywhere else it is {anywhere} of all tokens. The neighbours within the word "
            "give it away: the sentence need not be understood."
        ).format(
            piece=hidden, word="".join(pieces), count=f"{leak.num_places:,}", share=f"{leak.share_same:.0%}",
            anywhere=f"{100 * leak.share_anywhere:.2g} %",
        )  # fmt: skip
    else:
        said = _("“{word}” does not occur in the part of the text that is counted, so its pieces teach nothing here.").format(
            word="".join(pieces)
        )
    return f'<div class="lab-half"><p class="pieces">{chips}</p><p>{escape(said)}</p></div>'


@st.cache_resource(show_spinner=False, max_entries=6)
def _counted_text(key: str, _made: Made) -> npt.NDArray[np.integer]:
    """Return the beginning of a text as one long row of tokens."""
    corpus, rows = corpora.load(key), []
    left = NUM_CHARACTERS[corpus.card.language]
    chosen = []
    for document in corpus.documents():
        chosen.append(document)
        left -= len(document.text)
        if left <= 0:
            break
    rows = [ids_N for ids_N, _starts in kinds.encode(_made.reading.tokenizer, chosen)]
    return np.concatenate(rows) if rows else np.zeros(0, dtype=np.uint16)


def _take(key: str) -> None:
    lab_state.keep(lab_state.CORPUS, key)
    lab_state.keep(lab_state.TEXT, lab_text.picked(key, "sentence", 1))
