"""Pretext: the masking lab. Any text, any task, token by token."""

import streamlit as st

from pages._ui import (
    address,
    lab_ask,
    lab_attention,
    lab_example,
    lab_knobs,
    lab_source,
    lab_state,
    lab_statistics,
    lab_strip,
    lab_text,
    lab_words,
    page,
    section,
    style,
)
from pages._ui.lab_example import Made
from ssl_core.errors import UserError
from ssl_core.i18n import _


def show() -> None:
    """Lay the page out: tasks and text, the example stage by stage, its knobs, and depth below."""
    cards = lab_state.cards()
    left, right = st.columns([1.0, 1.5], gap="medium")
    with left:
        sides = lab_knobs.choose()
    with right:
        needs_two = any(lab_example.compares(lab_state.asked(side)) for side in sides)
        text = lab_text.show(cards, "pair" if needs_two else "sentence")
    strip = st.container(key="lab-strip")  # above the knobs, but made after they are read
    asked = lab_knobs.turn(sides)
    key = lab_state.corpus_key(cards)
    with strip:
        try:
            reading = lab_text.read(text, key, cards[key])
            lab_state.begin_at(lab_example.first_seed(asked, reading))
            made = [lab_example.make(each, reading, lab_state.seed()) for each in asked]
        except UserError as problem:
            page.message(problem)
            return
        picked = lab_strip.picked(made[0], st.session_state.get(lab_strip.KEY))
        lab_strip.show(made, picked)
        lab_text.wait(key, cards[key])
        remarks(made)
        with st.container(key="lab-ask"):
            lab_ask.show(made[0], picked)
    depth(made)


def remarks(made: list[Made]) -> None:
    """Say what was left out, and where an example teaches nothing."""
    if made[0].reading.num_left_out:
        left_out = _("This text is longer than what the lab shows: its first {count} tokens are taken, the rest is left out.")
        page.note(left_out.format(count=len(made[0].reading.places)))
    lab_text.unknown(made[0].reading)
    for each in made:
        if (problem := lab_example.asks_nothing(each)) is not None:
            page.message(problem)


def depth(made: list[Made]) -> None:
    """Show the sections that open."""
    with st.container(key="lab-depth", gap="small"):
        section.show(
            _("Who may look at whom, and the labels"), lab_attention.show, made, icon=":material/grid_on:", key="lab-attention"
        )
        section.show(
            _("The same text a thousand times"), lab_statistics.show, made, lab_state.seed(), icon=":material/bar_chart:",
            key="lab-statistics",
        )  # fmt: skip
        section.show(_("Whole words"), lab_words.show, made[0], icon=":material/join_inner:", key="lab-words")
        section.show(
            _("The formula with these numbers, and the paper"), lab_source.formula, made, icon=":material/functions:",
            key="lab-formula",
        )  # fmt: skip
        section.show(_("The function that made it"), lab_source.code, made, icon=":material/code:", key="lab-code")
        section.show(_("What to notice, and limits"), notice, icon=":material/visibility:", key="lab-notice")


def notice() -> None:
    """Say what to look for."""
    st.markdown(page.prose("masking-lab-notice"))


page.header(_("Masking lab"), _("What is hidden, and what must be predicted?"))
st.html(style.ASSETS / "lab.css")
show()
address.send()
