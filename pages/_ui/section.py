"""Sections that open: what is in one is made when it is first opened, so that the page itself is there sooner.

Streamlit's browser part loads a script for each kind of widget, and some are large: a table 1.2 MB, a code block 1.6 MB.
"""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui import language, page
from ssl_core.i18n import _


def show(
    title: str, make: Callable[..., None], *arguments: Any, key: str, icon: str | None = None, is_open: bool = False
) -> None:
    """Show a section that ``make(*arguments)`` fills; opening it runs nothing else again. ``title`` is translated already."""
    language.fragment()(_show)(title, make, arguments, key, icon, is_open)


def notice_and_limits(name: str, key: str) -> None:
    """Show the two sections at the end of a page, from the parts of its prose: what to notice, and what it does not show."""
    show(_("What to notice"), _prose, name, "notice", icon=":material/visibility:", key=f"{key}-notice")
    show(_("Limits and sources"), _prose, name, "limits", icon=":material/menu_book:", key=f"{key}-limits")


def is_wanted(key: str) -> bool:
    """Return whether the section ``key`` was ever opened: then it stays filled, so that its widgets keep what they say."""
    opened = f"{key}.was_opened"
    st.session_state[opened] = bool(st.session_state.get(opened) or st.session_state.get(key))
    return bool(st.session_state[opened])


def _prose(name: str, heading: str) -> None:
    st.markdown(page.prose_parts(name)[heading])


def _show(title: str, make: Callable[..., None], arguments: tuple[Any, ...], key: str, icon: str | None, is_open: bool) -> None:
    with st.expander(title, icon=icon, key=key, expanded=is_open, on_change="rerun"):
        if is_wanted(key):
            make(*arguments)
