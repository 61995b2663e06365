"""Text: TinyWorld, a small language of which every probability is known."""

import streamlit as st

from pages._ui import (
    address,
    page,
    style,
    tinyworld_beliefs,
    tinyworld_choice,
    tinyworld_depth,
    tinyworld_guess,
    tinyworld_readers,
    tinyworld_story,
    tinyworld_view,
)
from ssl_core.i18n import _

WIDTHS = (1.55, 1.0)


def show() -> None:
    """Lay the page out: a story on the left, who guesses what on the right, what lies behind it below."""
    tinyworld_choice.show()
    view = tinyworld_view.asked()
    asks = tinyworld_guess.is_open(view)
    against = tinyworld_readers.chosen(view)
    left, right = st.columns(WIDTHS, gap="medium")
    with right, st.container(key="tinyworld-guesses"):
        if asks:
            tinyworld_guess.show(view)
        else:
            page.note(tinyworld_guess.remark(view))
            tinyworld_readers.show(view, against)
    with left:
        other_nats = tinyworld_readers.surprise(view, against)
        tinyworld_story.show(view, other_nats, asks=asks)
        tinyworld_beliefs.show(view, asks=asks)
    tinyworld_depth.numbers(view, other_nats)
    tinyworld_depth.sections(view)


page.header(_("TinyWorld"), _("What would a reader expect who knows every rule of the language?"))
st.html(style.ASSETS / "tinyworld.css")
page.shown(show, _("Back to a story"), tinyworld_choice.leave_own_text, type="primary")
address.send()
