"""The live page's own CSS."""

import streamlit as st

from pages._ui import style

CSS = style.ASSETS / "live.css"


def apply() -> None:
    """Lay the live page's CSS over the house's."""
    st.html(CSS)
