"""The language of a script run: from the URL, else as before in this session, else as the browser asks."""

import functools
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui import address
from ssl_core.i18n import LANGUAGES, _, current_language, set_language

PARAMETER = "lang"
_REMEMBERED = "shell.current_language"
_SWITCH = "shell.language"


def use() -> None:
    """Choose the language of this script run."""
    asked = st.query_params.get(PARAMETER, "")
    language = asked if asked in LANGUAGES else st.session_state.get(_REMEMBERED) or _of_browser()
    st.session_state[_REMEMBERED] = language
    set_language(language)


def switch() -> None:
    """Show the switch; the choice goes into the URL."""
    st.session_state[_SWITCH] = current_language()
    st.segmented_control(
        _("Language"),
        list(LANGUAGES),
        format_func=LANGUAGES.get,
        key=_SWITCH,
        required=True,
        on_change=_switched,
        width="stretch",
    )


def fragment(run_every: float | None = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a fragment that speaks the page's language, and is at its address, also when it reruns alone.

    A fragment's own rerun skips app.py and may come on a new thread, which starts out in English.
    """

    return lambda function: st.fragment(_in_page_language(function), run_every=run_every)


def dialog(title: str, on_dismiss: Callable[[], None]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a dialog that speaks the page's language also when it reruns alone; ``title`` is translated already."""
    return lambda function: st.dialog(title, on_dismiss=on_dismiss)(_in_page_language(function))


def _in_page_language(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def speaking(*arguments: Any, **named: Any) -> Any:
        address.settle()
        set_language(st.session_state.get(_REMEMBERED, "en"))
        return function(*arguments, **named)

    return speaking


def _switched() -> None:
    address.put(PARAMETER, st.session_state[_SWITCH])


def _of_browser() -> str:
    return "zh" if (st.context.locale or "").lower().startswith("zh") else "en"
