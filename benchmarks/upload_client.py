"""A tab without a browser that uploads files: it speaks Streamlit's protocol as its frontend does.

What the frontend of Streamlit 1.67 does, read from its bundle: it asks the session where to put a file, puts it there as a
multipart form with the XSRF token in a header, and reruns the fragment of the uploader with the file in the widget's state.
"""

import asyncio
import html
import http.client
import re
import time
import uuid
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import connect

COOKIE = "_streamlit_xsrf"
MESSAGE = re.compile(r'<div class="pp-message"[^>]*>(.*?)</div>', re.DOTALL)
PATIENCE_S = 150.0  # longer than any file may take


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a page said of a file: the text of its message, or "" where the file can be used; seconds since it was chosen."""

    seconds: float
    message: str


class Tab:
    """One open tab; to be used as an asynchronous context."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._session = self._page = self._page_name = self._fragment = ""
        self._widgets: dict[str, tuple[str, str]] = {}  # the end of its id, which is its key: its id and fragment
        self._states: dict[str, WidgetState] = {}
        self._said: list[str] = []
        self._finished = 0
        self._urls: dict[str, ForwardMsg] = {}

    async def __aenter__(self) -> Self:
        self._token = await asyncio.to_thread(self._xsrf_token)
        async with AsyncExitStack() as stack:
            self._socket = await stack.enter_async_context(
                connect(
                    f"{self.address.replace('http', 'ws', 1)}/_stcore/stream", origin=self.address,
                    subprotocols=["streamlit", "PLACEHOLDER_AUTH_TOKEN"],
                    compression=None, max_size=None, open_timeout=60, ping_interval=None,
                )
            )  # fmt: skip
            self._stack = stack.pop_all()
        return self

    async def __aexit__(self, *_reason: object) -> None:
        await self._stack.aclose()

    async def open(self, page_name: str) -> None:
        """Go to a page, in the same tab."""
        self._page, self._page_name, self._states, self._widgets = "", page_name, {}, {}
        await self._rerun()

    async def open_section(self, key: str) -> None:
        """Open a section of the page."""
        await self._set(key, lambda state: setattr(state, "bool_value", True))

    async def upload(self, key: str, name: str, data: bytes) -> Outcome:
        """Choose a file, and wait until the page says what it would become or why it can't be used."""
        began_at = time.monotonic()
        place = await self._place_for(name)
        await asyncio.to_thread(self._put, place.upload_url, name, data)

        def choose(state: WidgetState) -> None:
            chosen = state.file_uploader_state_value.uploaded_file_info.add()
            chosen.name, chosen.size, chosen.file_id = name, len(data), place.file_id
            chosen.file_urls.CopyFrom(place)

        await self._set(key, choose)
        return Outcome(seconds=time.monotonic() - began_at, message=" ".join(self._said))

    async def drop(self, key: str) -> None:
        """Take the file away again, as the cross beside its name does."""
        chosen = self._states[self._widgets[key][0]].file_uploader_state_value.uploaded_file_info[0]
        await asyncio.to_thread(self._request, "DELETE", chosen.file_urls.delete_url)
        await self._set(key, lambda state: state.file_uploader_state_value.Clear())

    async def _set(self, key: str, change: Callable[[WidgetState], None]) -> None:
        widget, fragment = self._widgets[key]
        state = WidgetState(id=widget)
        change(state)
        self._states[widget] = state
        await self._rerun(fragment)

    async def _rerun(self, fragment: str = "") -> None:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string, asked.page_name = "lang=en", "" if self._page else self._page_name
        asked.page_script_hash, asked.fragment_id = self._page, fragment
        asked.widget_states.widgets.extend(self._states.values())
        asked.context_info.timezone, asked.context_info.locale = "UTC", "en-US"
        asked.context_info.url = f"{self.address}/{self._page_name}"
        self._said, before = [], self._finished
        await self._socket.send(message.SerializeToString())
        await self._hear_until(lambda: self._finished > before)

    async def _place_for(self, name: str):
        message = BackMsg()
        request = message.file_urls_request
        request.request_id, request.session_id = uuid.uuid4().hex, self._session
        request.file_names.append(name)
        await self._socket.send(message.SerializeToString())
        await self._hear_until(lambda: request.request_id in self._urls)
        return self._urls.pop(request.request_id).file_urls_response.file_urls[0]

    async def _hear_until(self, is_enough: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not is_enough():
                self._hear(ForwardMsg.FromString(bytes(await self._socket.recv())))

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self._session = message.new_session.initialize.session_id or self._session
            self._page = message.new_session.page_script_hash
        elif kind == "navigation":
            self._page = message.navigation.page_script_hash
        elif kind == "file_urls_response":
            self._urls[message.file_urls_response.response_id] = message
        elif kind == "script_finished":
            self._finished += message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        elif kind == "delta":
            delta = message.delta
            if delta.WhichOneof("type") == "add_block":
                self._note(delta.add_block.id or delta.add_block.expandable.id, delta.fragment_id)
            elif (element := delta.new_element).WhichOneof("type") == "file_uploader":
                self._note(element.file_uploader.id, delta.fragment_id)
            elif element.WhichOneof("type") == "html" and (told := MESSAGE.search(element.html.body)) is not None:
                self._said.append(html.unescape(told[1]))

    def _note(self, widget: str, fragment: str) -> None:
        if widget.startswith("$$ID-"):
            self._widgets[widget.split("-", 2)[2]] = (widget, fragment)

    def _xsrf_token(self) -> str:
        cookies = self._request("GET", "/_stcore/health", is_first=True).get_all("Set-Cookie") or []
        return next(each.split(";")[0].split("=", 1)[1] for each in cookies if each.startswith(COOKIE)).strip('"')

    def _put(self, path: str, name: str, data: bytes) -> None:
        border = uuid.uuid4().hex
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + f"\r\n--{border}--\r\n".encode()
        self._request("PUT", path, body, {"Content-Type": f"multipart/form-data; boundary={border}"})

    def _request(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, is_first: bool = False
    ) -> http.client.HTTPMessage:
        secrets = {} if is_first else {"X-Xsrftoken": self._token, "Cookie": f"{COOKIE}={self._token}"}
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE_S)
        try:
            connection.request(method, path, body, {**secrets, **(headers or {})})
            answer = connection.getresponse()
            answer.read()
            assert answer.status < 300, f"{method} {path}: {answer.status}"
            return answer.headers
        finally:
            connection.close()
