"""What passes between a browser and the server when a reader goes from page to page."""

import asyncio

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._ui.left_pages import LeftPages


def asks(page: str, fragment: str = "") -> bytes:
    message = BackMsg()
    message.rerun_script.page_script_hash = page
    message.rerun_script.fragment_id = fragment
    return message.SerializeToString()


def leads_to(page: str) -> bytes:
    message = ForwardMsg()
    message.navigation.page_script_hash = page
    return message.SerializeToString()


def passed(*going: bytes | tuple[str, bytes]) -> list[bytes]:
    """What of all that goes to and fro reaches the server; ("<-", …) comes from it."""
    arrived, to_come = [], list(going)

    async def app(_scope, receive, send) -> None:
        while True:
            while to_come and isinstance(to_come[0], tuple):
                await send({"type": "websocket.send", "bytes": to_come.pop(0)[1]})
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            arrived.append(message.get("bytes"))

    async def receive():
        if to_come and not isinstance(to_come[0], tuple):
            return {"type": "websocket.receive", "bytes": to_come.pop(0)}
        return {"type": "websocket.disconnect"}

    async def send(_message) -> None:
        return

    asyncio.run(LeftPages(app)({"type": "websocket"}, receive, send))
    return arrived


def test_parts_of_a_page_that_was_left_reach_nobody():
    start, tick, leave, late, arrived = asks(""), asks("one", "f"), asks("two"), asks("one", "f"), asks("two", "g")
    assert passed(start, ("<-", leads_to("one")), tick, leave, late, arrived) == [start, tick, leave, arrived]


def test_who_comes_back_is_heard_again():
    back, tick = asks("one"), asks("one", "f")
    assert passed(asks("one"), asks("two"), asks("one", "f"), back, tick)[-2:] == [back, tick]


def test_a_first_request_that_names_no_page_is_where_the_server_says():
    tick = asks("two", "g")
    began = ForwardMsg()
    began.new_session.page_script_hash = "main"
    assert passed(asks(""), ("<-", began.SerializeToString()), ("<-", leads_to("two")), tick) == [asks(""), tick]


def test_where_the_server_leads_elsewhere_the_new_page_is_heard():
    tick = asks("two", "g")
    assert passed(asks("one"), ("<-", leads_to("two")), asks("one", "f"), tick) == [asks("one"), tick]


@pytest.mark.parametrize("odd", [b"\xff\xff\xff", BackMsg(stop_script=True).SerializeToString()])
def test_anything_else_goes_through(odd):
    assert passed(asks("one"), odd) == [asks("one"), odd]


def test_other_requests_are_left_alone():
    seen = []

    async def app(*arguments) -> None:
        seen.append(arguments)

    asyncio.run(LeftPages(app)({"type": "http"}, 1, 2))
    assert seen == [({"type": "http"}, 1, 2)]
