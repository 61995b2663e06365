"""What the server does once: before the first visitor, for odd addresses, and when a page breaks."""

import asyncio
import gc
import logging
import re
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.responses import RedirectResponse

from pages._ui import freed_memory, language, menu, pace, page
from pages._ui.hosts import AllowedHosts
from pages._ui.left_pages import LeftPages
from ssl_core.engine import client
from ssl_core.errors import UserError
from ssl_core.i18n import _
from ssl_core.runs import unusable

COLLECT_EVERY_S = 30


@asynccontextmanager
async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
    """Get ready before the first visitor."""
    # Without this first call Streamlit would look for pages by itself, and greet a deep link with "Page not found".
    bare_run = logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context")
    bare_run.setLevel(logging.ERROR)  # it would warn that no visitor is there, which is the point
    st.navigation(menu.pages())
    bare_run.setLevel(logging.WARNING)
    freed_memory.give_back_large_blocks()
    pace.measure(asyncio.get_running_loop())
    client.watch_engine()
    try:
        client.ensure_engine()
    except (UserError, *unusable.TROUBLES) as reason:  # each visitor is told; a server that is gone could not
        logging.getLogger(__name__).error("%s", unusable.of_store(reason) or reason)
    gc.collect()
    gc.freeze()  # what the imports left behind never dies, so no tick has to look at it again
    threading.Thread(target=_collect_now_and_then, name="collect-garbage", daemon=True).start()
    yield {}


def _collect_now_and_then() -> None:
    while True:
        time.sleep(COLLECT_EVERY_S)
        gc.collect()


class OneStepPaths:
    """Send ``/pretrain/live`` to ``/live``: the browser can only load the app from a path of one step."""

    TOO_DEEP = re.compile(r"/(?!static/|media/|app/|component/|_stcore/)(?:[^/]+/)+([^/.]+)")

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        base = f"/{base}" if (base := str(st.get_option("server.baseUrlPath")).strip("/")) else ""
        path = scope.get("path", "").removeprefix(base)
        found = self.TOO_DEEP.fullmatch(path) if scope["type"] == "http" and scope["method"] == "GET" else None
        if found is None or "/_stcore/" in path:  # the browser asks for these below each page first, and expects a 404
            await self.app(scope, receive, send)
            return
        query = scope.get("query_string", b"").decode("latin-1")
        await RedirectResponse(f"{base}/{found[1]}{'?' if query else ''}{query}")(scope, receive, send)


MIDDLEWARE = (Middleware(AllowedHosts), Middleware(OneStepPaths), Middleware(LeftPages))


def explain(error: Exception) -> bool:
    """Tell the visitor what can be put right, else that a page broke and nothing else did; the traceback is in the terminal."""
    language.use()  # what a press calls runs before the page does, and has no language yet
    if (trouble := unusable.of_store(error)) is not None:
        page.message(trouble)
        return True
    st.error(_("This page broke. Runs are not affected. Reload it, or choose another page."), icon=":material/error:")
    return True
