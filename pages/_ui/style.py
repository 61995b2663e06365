"""Colours and CSS."""

import itertools
import json
from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import streamlit as st

from ssl_core import pretext
from ssl_core.i18n import _, current_language

ASSETS = Path(__file__).parents[2] / "assets"
CSS = ASSETS / "shell.css"
CLOSE_MENU, SERVER_GONE = ASSETS / "close_menu.html", ASSETS / "server_gone.html"
SIDEBAR_PX = 256
ICON = ASSETS / "icon.svg"

# Okabe-Ito, dealt out in the order of the tasks' menu; on a dark ground the same hues, lighter.
COLOURS = ("#0072B2", "#009E73", "#D55E00", "#CC79A7", "#E69F00", "#56B4E9")
COLOURS_ON_DARK = ("#4DB0EA", "#2CC79B", "#F0843C", "#DB95BC", "#F0B73C", "#8CCBF2")


def apply() -> None:
    """Lay the house's CSS over Streamlit's."""
    st.html(CSS)


def run_scripts() -> None:
    """Tell the browser the page's language, and what Streamlit leaves to us.

    That is: to fold the sidebar away once a link in it was chosen where it covers the page, and to say what it means that
    the server is gone.
    """
    words = {
        "serverGone": _("The app does not answer"),
        "whatThen": _(
            "It was closed, or the connection is lost. Runs go on by themselves. Once the app is started again, this page "
            "goes on where it was."
        ),
    }
    told = f"document.documentElement.lang = {current_language()!r}; window.playgroundWords = {json.dumps(words)};"
    scripts = [each.read_text(encoding="utf-8") for each in (CLOSE_MENU, SERVER_GONE)]
    st.html(f"<script>{told}</script>{''.join(scripts)}", unsafe_allow_javascript=True)


@cache
def logo() -> str:
    """Return the house's mark as HTML; st.html takes no inline SVG."""
    packed = b64encode(ICON.read_bytes()).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{packed}">'


def task_colour(task: str) -> str:
    """Return the fixed colour of a pretext task, as CSS that follows the reader's theme."""
    return colour(pretext.MENU.index(task) if task in pretext.MENU else 2)


def run_colours(tasks: Sequence[str]) -> list[str]:
    """Return a colour for each of several runs: the first of a task gets the task's own, the others what is left over."""
    own = {task: pretext.MENU.index(task) % len(COLOURS) for task in tasks if task in pretext.MENU}
    spare = [place for place in range(len(COLOURS)) if place not in own.values()] or list(range(len(COLOURS)))
    places = [own[task] if task in own and task not in tasks[:number] else None for number, task in enumerate(tasks)]
    rest = itertools.cycle(spare)
    return [colour(next(rest) if place is None else place) for place in places]


def colour(number: int) -> str:
    """Return one of the house's colours, told apart also by the colour-blind, as CSS that follows the reader's theme."""
    place = number % len(COLOURS)
    return f"light-dark({COLOURS[place]}, {COLOURS_ON_DARK[place]})"
