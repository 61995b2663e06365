"""Sessions whose tab was closed."""

import asyncio

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._ui import closed_tabs
from pages._ui.closed_tabs import ClosedTabs
from pages._ui.left_pages import LeftPages


class Streamlit:
    """What of Streamlit is asked: which sessions have a tab, and to close one."""

    def __init__(self) -> None:
        self.active, self.closed = set(), []

    def is_active_session(self, session) -> bool:
        return session in self.active

    def close_session(self, session) -> None:
        self.closed.append(session)


@pytest.fixture
def streamlit(monkeypatch):
    made = Streamlit()
    monkeypatch.setattr(closed_tabs.runtime, "exists", lambda: True)
    monkeypatch.setattr(closed_tabs.runtime, "get_instance", lambda: made)
    monkeypatch.setattr(closed_tabs.st, "get_option", {"server.disconnectedSessionTTL": 0}.get)
    return made


def after_a_while(*steps) -> None:
    """Take the steps within an event loop, and let all end that is due."""

    async def all_of_it() -> None:
        for step in steps:
            step()
        await asyncio.sleep(0.01)

    asyncio.run(all_of_it())


def test_the_session_of_a_tab_that_stays_away_is_closed(streamlit):
    tabs = ClosedTabs()
    after_a_while(lambda: tabs.gone("a"), lambda: tabs.gone("b"), lambda: tabs.gone("b"))
    assert streamlit.closed == ["a", "b"]


def test_a_tab_that_comes_back_keeps_its_session(streamlit):
    tabs = ClosedTabs()
    after_a_while(lambda: tabs.gone("a"), lambda: tabs.gone("b"), lambda: tabs.here("a"))
    assert streamlit.closed == ["b"]


def test_a_session_that_has_a_tab_again_is_left_alone_though_it_has_not_spoken_yet(streamlit):
    tabs = ClosedTabs()
    streamlit.active.add("a")
    after_a_while(lambda: tabs.gone("a"))
    assert streamlit.closed == []


def test_streamlit_still_finds_the_session_when_it_is_to_close_it():
    assert 0.5 < closed_tabs.SHARE < 1


@pytest.mark.parametrize("is_cut", [False, True])
def test_a_connection_that_ends_or_breaks_tells_which_session_has_lost_its_tab(is_cut, streamlit):
    began = ForwardMsg()
    began.new_session.initialize.session_id = "a"

    async def app(_scope, _receive, send) -> None:
        await send({"type": "websocket.send", "bytes": began.SerializeToString()})
        if is_cut:
            raise ConnectionError

    async def send(_message) -> None:
        return

    async def connected() -> None:
        try:
            await LeftPages(app)({"type": "websocket"}, None, send)
        except ConnectionError:
            assert is_cut
        await asyncio.sleep(0.01)

    asyncio.run(connected())
    assert streamlit.closed == ["a"]
