"""The same few lines of source, with the mistake and without: what differs is marked by colour and by sign."""

import difflib
from html import escape
from typing import Any

import streamlit as st

from ssl_core.i18n import _

SIGNS = {"-": ("wrong", "✗"), "+": ("mended", "✓"), " ": ("", " ")}


def show(mistake: Any) -> None:
    """Show what one writes wrong, and what should stand there."""
    lines = "".join(_line(*each) for each in marked(mistake.WRONG, mistake.RIGHT))
    st.html(f'<div class="break-code" role="group" aria-label="{escape(_("The mistake as source code"))}">{lines}</div>')


def marked(wrong: str, right: str) -> list[tuple[str, str]]:
    """Return the lines of both in one column, each with "-" (only wrong), "+" (only right) or " " (in both)."""
    compared = difflib.ndiff(wrong.splitlines(), right.splitlines())
    return [(each[0], each[2:]) for each in compared if each[0] in SIGNS]


def _line(sign: str, source: str) -> str:
    kind, mark = SIGNS[sign]
    titles = {"-": _("wrong"), "+": _("right")}
    spoken = f'<span class="spoken">{escape(titles[sign])}: </span>' if sign in titles else ""
    return f'<div class="{kind}"><i aria-hidden="true">{mark}</i>{spoken}<code>{escape(source)}</code></div>'
