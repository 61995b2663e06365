"""Start: for an address that names no page."""

import streamlit as st

from pages._ui import menu, page
from ssl_core.i18n import _

page.header(_("There is no such page"), _("The address is mistyped, or the page has moved. These pages are here:"))
with st.container(key="unknown-links"):
    for entry in menu.MENU:
        menu.link(entry.stem)
