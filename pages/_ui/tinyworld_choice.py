"""Above the story: which world, what is guessed, another story, or the learner's own words."""

import streamlit as st

from pages._ui import address
from pages._ui import tinyworld_view as view
from ssl_core.i18n import LANGUAGES, _, current_language

_WORLD, _MODE, _TEXT = "tinyworld.world", "tinyworld.mode", "tinyworld.text"


def show() -> None:
    """Show the choices; each goes into the URL."""
    asked = st.query_params
    st.session_state[_WORLD] = asked[view.WORLD] if asked.get(view.WORLD) in LANGUAGES else current_language()
    st.session_state[_MODE] = asked[view.MODE] if asked.get(view.MODE) in view.MODES else "next"
    st.session_state[_TEXT] = asked.get(view.TEXT, "")
    with st.container(key="tinyworld-choice", horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            _("World"), list(LANGUAGES), format_func=LANGUAGES.get, required=True, key=_WORLD, label_visibility="collapsed",
            on_change=address.take, args=(view.WORLD, _WORLD, (view.AT, view.TEXT)),
        )  # fmt: skip
        st.segmented_control(
            _("What is guessed"), list(view.MODES), format_func=lambda each: _(view.MODES[each]), required=True, key=_MODE,
            label_visibility="collapsed", on_change=address.take, args=(view.MODE, _MODE, ()),
        )  # fmt: skip
        st.button(_("Another story"), icon=":material/auto_stories:", on_click=_next)
        st.text_input(
            _("Your own story"), placeholder=_("… or write your own, or its beginning"), key=_TEXT,
            max_chars=view.MAX_TEXT_CHARACTERS, label_visibility="collapsed", on_change=address.take,
            args=(view.TEXT, _TEXT, (view.AT,)),
        )  # fmt: skip


def leave_own_text() -> None:
    """Go back to the stories that the world tells."""
    address.forget(view.TEXT, view.AT)


def _next() -> None:
    address.settle()
    number = address.whole(st.query_params.get(view.NUMBER, "1"))
    address.put(view.NUMBER, str(2 if number is None else number % view.LAST_NUMBER + 1))
    leave_own_text()
