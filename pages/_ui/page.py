"""What stands on every page: its title and question, prose, and messages."""

import re
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from pages._ui import address
from ssl_core.errors import UserError
from ssl_core.i18n import current_language

PROSE = Path(__file__).parents[2] / "assets" / "prose"


def header(title: str, question: str) -> None:
    """Show the page's title and the one question it answers, both translated already."""
    with st.container(key="page-header", gap=None):
        st.title(title, anchor=False)
        st.markdown(question)


def lead(title: str, text: str) -> None:
    """Head a part of a page: what it is, and one sentence about it. Takes the same room whatever it says."""
    st.html(f'<div class="pp-lead"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>')


def note(text: str) -> None:
    """Show one quiet sentence beside a picture."""
    st.html(f'<p class="pp-note">{escape(text)}</p>')


def drawn(html: str) -> str:
    """Mark HTML that ticks change in the browser: laid out again it takes its place back, also where it says the same."""
    return re.sub(r"^<(\w+)", rf'<\1 data-drawn="{time.monotonic_ns()}"', html, count=1)


def prose(name: str) -> str:
    """Return the Markdown of ``assets/prose/<language>/<name>.md``."""
    return (PROSE / current_language() / f"{name}.md").read_text(encoding="utf-8")


def has_prose(name: str) -> bool:
    """Return whether there is a prose of this name."""
    return (PROSE / current_language() / f"{name}.md").exists()


def message(error: UserError) -> None:
    """Show what went wrong and what to do, as often as needed on one page; text from outside stays text."""
    st.html(f'<div class="pp-message" role="status">{escape(error.message())}</div>')


def shown(show: Callable[[], None], back: str, on_back: Callable[[], None] | None = None, **looks: Any) -> None:
    """Run what makes up a page; what a reader can put right is told, with a button ``back`` to where all was well.

    Unless told otherwise that is the page without anything in its address.
    """
    try:
        show()
    except UserError as problem:
        message(problem)
        st.button(back, icon=":material/undo:", on_click=on_back or address.clear, **looks)


def prose_parts(name: str) -> dict[str, str]:
    """Return the parts of a prose by the heading over each, for what is shown in another order or only in part."""
    parts = re.split(r"^## (\S+)$", prose(name), flags=re.MULTILINE)[1:]
    return {heading: text.strip() for heading, text in zip(parts[::2], parts[1::2], strict=True)}
