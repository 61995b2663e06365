"""Colours and CSS."""

from pathlib import Path

import streamlit as st

ASSETS = Path(__file__).parents[2] / "assets"
CSS = ASSETS / "shell.css"
ICON = str(ASSETS / "icon.svg")
TASK_COLOURS = {"masked_lm": "#0072B2", "causal_lm": "#009E73"}
TASK_COLOURS_ON_DARK = {"masked_lm": "#4DB0EA", "causal_lm": "#2CC79B"}
OTHER_COLOURS = ("#D55E00", "#CC79A7", "#E69F00", "#56B4E9")


def apply() -> None:
    """Lay the house's CSS over Streamlit's."""
    st.html(CSS)


def is_dark() -> bool:
    """Return whether this viewer's theme is dark."""
    return st.context.theme.type == "dark"


def task_colour(task: str) -> str:
    """Return the fixed colour of a pretext task in this viewer's theme."""
    colours = TASK_COLOURS_ON_DARK if is_dark() else TASK_COLOURS
    return colours.get(task, OTHER_COLOURS[0])
