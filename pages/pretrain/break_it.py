"""Break it: real mistakes, each made on purpose beside the same run without it."""

import streamlit as st

from pages._ui import address, break_depth, break_state, break_view, page, style
from pages._ui.by_hand import by_hand
from ssl_core import mistakes, pretext
from ssl_core.i18n import _

LANGUAGES = {"en": "EN", "zh": "中文"}
CHOICES = (break_state.MISTAKE, break_state.TASK, break_state.TEXT)


def show() -> None:
    """Lay the page out: a mistake to choose, the guess and both runs, and depth below."""
    _choices()
    mistake = mistakes.mistake(break_state.key())
    live = break_state.records()
    break_view.show(mistake, live)
    break_depth.sections(mistake, live)


def _choices() -> None:
    now = dict(zip(CHOICES, (break_state.key(), break_state.task(), break_state.text()), strict=True))
    for name, value in now.items():
        st.session_state[f"break.{name}"] = value
    with st.container(key="break-choices", horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            _("Mistake"), mistakes.MENU, key="break.mistake", on_change=_chosen, args=(break_state.MISTAKE,),
            format_func=lambda key: f"{mistakes.MENU.index(key) + 1}. {_(mistakes.mistake(key).TITLE)}",
        )  # fmt: skip
        st.selectbox(
            _("Made in"), mistakes.tasks_of(break_state.key()), key="break.task", on_change=_chosen, args=(break_state.TASK,),
            format_func=lambda key: _(pretext.task(key).TITLE),
        )  # fmt: skip
        st.segmented_control(
            _("Language of the text"), list(LANGUAGES), key="break.text", format_func=LANGUAGES.get, required=True,
            on_change=_chosen, args=(break_state.TEXT,), width="content",
        )  # fmt: skip


@by_hand
def _chosen(name: str) -> None:
    break_state.choose(name, str(st.session_state[f"break.{name}"]))


page.header(_("Break it"), _("What does the curve do when something is wrong?"))
st.html(style.ASSETS / "break_it.css")
page.shown(show, _("Back to the recorded runs"), break_state.forget_runs, key="break.back")
address.send()
