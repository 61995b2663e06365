"""The app answers only under the names it is meant to have: what ``server.allowedHosts`` lists, see ``.streamlit/config.toml``.

A page of somebody else can have its own name lead to this machine (DNS rebinding) and would then talk to the app as if it were
part of it. Streamlit checks names of WebSocket connections alone, lets pages of all allowed names of this machine in, and asks
the internet for this machine's own address when another page calls; so both are looked at before it is asked. Who opens a page
under a name that is not allowed reads why, where Streamlit's would wait for its connection for ever.
"""

import re
from typing import Any
from urllib.parse import urlparse

import streamlit as st
from starlette.responses import PlainTextResponse
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from ssl_core.i18n import N_, translate

HEALTH = "/_stcore/health"  # asked by proxies and containers under whatever name they like; it says "ok"
TOLD = N_(
    "This app does not answer under the name {host}. Whoever runs it can allow that name: "
    "streamlit run app.py --server.address 0.0.0.0 --server.allowedHosts {host}"
)


class AllowedHosts:
    """Turn away what names another host, and WebSocket connections of pages from elsewhere."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket") or scope.get("path", "").endswith(HEALTH):
            await self.app(scope, receive, send)
            return
        headers = {name.lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}
        host = headers.get(b"host")
        if is_host_allowed(host) and (scope["type"] == "http" or _is_page_allowed(headers.get(b"origin"))):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "host or origin not allowed"})
        else:
            await PlainTextResponse(_told(host), status_code=403)(scope, receive, send)


def _is_page_allowed(origin: str | None) -> bool:
    """Say whether the page that opens a connection is ours; programs that are no browsers name none."""
    if origin is None or not st.get_option("server.enableCORS") or origin in st.get_option("server.corsAllowedOrigins"):
        return True
    return is_host_allowed(urlparse(origin).netloc)


def _told(host: str | None) -> str:
    name = re.sub(r":\d*$", "", host or "")
    shown = name if re.fullmatch(r"[\w.\-]{1,100}|\[[0-9a-fA-F:.]{2,45}\]", name, re.ASCII) else "?"
    return "\n\n".join(translate(TOLD, language).format(host=shown.strip("[]")) for language in ("en", "zh"))
