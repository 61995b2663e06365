"""What a page that was left still sends is not for the next one.

Parts that tick, and instruments that tell where they stand, name their page. What they send after a reader's step to another
page, and before it has come, names the page before. Streamlit 1.67 takes that for a step back and empties the page, and the
next tick of the new one finds nothing to fill: "Bad delta path index", and all stands still. So it is dropped on its way in.
"""

from dataclasses import dataclass
from typing import Any

from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._ui.closed_tabs import ClosedTabs


@dataclass(slots=True)
class Visit:
    """Where one browser window is, by what goes to and fro."""

    page: str = ""  # the hash of its script, as both sides call it
    session: str = ""

    def wants(self, data: bytes) -> bool:
        """Take note of what the browser sends; False for a part of a page where the visitor is no more."""
        try:
            message = BackMsg.FromString(data)
        except DecodeError:  # Streamlit tells what is wrong with it
            return True
        if message.WhichOneof("type") != "rerun_script":
            return True
        asked = message.rerun_script
        if not asked.fragment_id:
            self.page = asked.page_script_hash
        return not asked.fragment_id or self.page in ("", asked.page_script_hash)

    def hears(self, data: bytes) -> None:
        """Take note of what the server sends: ``st.navigation`` says which page it is, also where nobody asked for another."""
        message = ForwardMsg.FromString(data)
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self.page = message.navigation.page_script_hash
        elif kind == "new_session":
            self.session = message.new_session.initialize.session_id or self.session


class LeftPages:
    """Keep what parts of a page send from reaching the page after it, and note which tabs are closed."""

    def __init__(self, app: Any) -> None:
        self.app, self.tabs = app, ClosedTabs()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        visit = Visit()

        async def wanted() -> Any:
            while True:
                message = await receive()
                if not message.get("bytes") or visit.wants(message["bytes"]):
                    return message

        async def heard(message: Any) -> None:
            if message.get("bytes"):
                visit.hears(message["bytes"])
                self.tabs.here(visit.session)
            await send(message)

        try:
            await self.app(scope, wanted, heard)
        finally:
            if visit.session:
                self.tabs.gone(visit.session)
