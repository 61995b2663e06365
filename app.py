"""The router: language, menu and engine state around whichever page is asked for."""

import streamlit as st

from pages._ui import engine_state, language, menu, process, style
from ssl_core.i18n import _

process.settle()
language.use()
st.set_page_config(page_title=_("Pretraining Playground"), page_icon=style.ICON, layout="wide")
style.apply()
page = st.navigation(menu.pages(), position="hidden")
with st.sidebar:
    menu.show(page)
    language.switch()
    engine_state.show()
page.run()
