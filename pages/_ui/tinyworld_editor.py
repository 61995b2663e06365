"""The grammar as a text to change: what a new word or sentence does to the figures is worked out at once."""

import numpy as np
import streamlit as st

from pages._ui import page, plain_table
from ssl_core.corpora.tinyworld import compiler, figures, lexicon, story
from ssl_core.corpora.tinyworld.figures import Figures
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _

HEIGHT = 380
ROWS = (  # figure -> title, number format
    ("num_words", N_("Distinct words and marks"), "{:,.0f}"),
    ("num_states", N_("States of the automaton (HMM)"), "{:,.0f}"),
    ("words_per_story", N_("Words in a story"), "{:.1f}"),
    ("frequencies_nats", N_("Word frequencies only (nats)"), "{:.2f}"),
    ("pairs_nats", N_("One word of context (nats)"), "{:.2f}"),
    ("next_word_nats", N_("Floor: next word (nats)"), "{:.3f}"),
    ("blank_nats", N_("Floor: blanks, 15 % hidden (nats)"), "{:.3f}"),
)


def show(language: str) -> None:
    """Show the grammar's text, and below it what the changes did."""
    key = f"tinyworld.grammar.{language}"
    st.session_state.setdefault(key, lexicon.source(language))
    written, result = st.columns([1.5, 1.0], gap="medium")
    with written:
        st.text_area(_("The grammar of this world"), height=HEIGHT, key=key)
        with st.container(horizontal=True):
            is_asked = st.button(_("Work it out"), icon=":material/calculate:", type="primary")
            st.button(_("Undo all changes"), icon=":material/undo:", on_click=_reset, args=(key, language))
    with result:
        _show_result(language, str(st.session_state[key]), is_asked=is_asked)


def _show_result(language: str, text: str, *, is_asked: bool) -> None:
    before = _figures(lexicon.source(language))[0]
    changed: Figures | None = None
    example = ""
    if is_asked or text == lexicon.source(language):
        try:
            with st.spinner(_("Working out every probability …")):
                changed, example = _figures(text)
        except UserError as problem:
            page.message(problem)
            return
    plain_table.show(
        [
            {
                "": _(title),
                _("as it comes"): form.format(getattr(before, name)),
                _("as written"): form.format(getattr(changed, name)) if changed is not None else "?",
            }
            for name, title, form in ROWS
        ]
    )
    if example:
        st.caption(_("A story of this world:"))
        st.text(example)


@st.cache_data(max_entries=8, show_spinner=False)
def _figures(text: str) -> tuple[Figures, str]:
    grammar = lexicon.read(text)
    told = story.draw(grammar, np.random.default_rng(1)).text
    return figures.measure(grammar, compiler.compile(grammar)), told


def _reset(key: str, language: str) -> None:
    st.session_state[key] = lexicon.source(language)
