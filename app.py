"""The router: language, menu and engine state around whichever page is asked for.

Streamlit runs this file once a page view. Its server imports it once a process, and finds ``app``.
"""

import streamlit as st

from pages._ui import address, engine_state, language, live_state, menu, server, style, uploaded_files
from ssl_core.engine import client
from ssl_core.i18n import _


def route() -> None:
    """Run the page that was asked for inside its frame."""
    address.laid_out()
    language.use()
    client.ensure_engine()
    st.set_page_config(page_icon=str(style.ICON), layout="wide", initial_sidebar_state=style.SIDEBAR_PX)
    style.apply()
    page = st.navigation(menu.pages(), position="hidden")
    st.set_page_config(page_title=" · ".join(dict.fromkeys((page.title, _("Pretraining Playground")))))
    with st.sidebar:
        menu.show(page)
        with st.container(key="shell-foot"):
            language.switch()
            engine_state.show(is_told_elsewhere=live_state.is_watched(page.url_path))
            style.run_scripts()
    with uploaded_files.kept_while_shown():
        page.run()


if __name__ == "__main__":
    route()
else:
    app = st.App(__file__, lifespan=server.lifespan, middleware=server.MIDDLEWARE, on_script_error=server.explain)
