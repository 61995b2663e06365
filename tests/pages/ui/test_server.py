"""What the server does around the pages."""

import asyncio

import pytest
import streamlit as st
from sqlalchemy.exc import DatabaseError

from pages._ui import server
from ssl_core.runs.store import RunStore


def answer(path: str, *, kind: str = "http", query: bytes = b"") -> tuple[int, str]:
    """Ask for a path; return the status and where it leads, (200, "") where the app itself was asked."""
    sent: list[dict] = []

    async def app(_scope, _receive, send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message) -> None:
        sent.append(message)

    async def ask() -> None:
        scope = {"type": kind, "method": "GET", "path": path, "query_string": query, "headers": []}
        await server.OneStepPaths(app)(scope, None, send)

    asyncio.run(ask())
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"location", b"").decode()


@pytest.mark.parametrize("path", ["/", "/live", "/static/js/index.js", "/media/ab/cd", "/runs/_stcore/health", "/a/b.css"])
def test_paths_that_the_app_serves_reach_it(path) -> None:
    assert answer(path) == (200, "")


def test_a_deeper_path_leads_to_its_last_step_with_all_parameters() -> None:
    assert answer("/pretrain/live", query=b"lang=zh&run=1") == (307, "/live?lang=zh&run=1")


def test_the_base_path_is_no_step(monkeypatch) -> None:
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "/class/"}.get)
    assert answer("/class/live") == (200, "")
    assert answer("/class/pretrain/live") == (307, "/class/live")


def test_only_pages_are_sent_elsewhere() -> None:
    assert answer("/pretrain/live", kind="websocket") == (200, "")


@pytest.mark.parametrize(("language", "said"), [("en", "Move that file elsewhere"), ("zh", "移到别处")])
def test_a_list_of_runs_that_is_damaged_is_told_on_the_page(language, said, home, monkeypatch) -> None:
    (home / "runs.sqlite").write_bytes(b"\xf3" * 20_000)
    shown: list[str] = []
    monkeypatch.setattr(server.page, "message", lambda error: shown.append(error.message()))
    monkeypatch.setattr(server.st, "query_params", {"lang": language})  # a press calls before the page has chosen
    with pytest.raises(DatabaseError) as broken:
        RunStore()
    assert server.explain(broken.value)
    assert said in shown[0]


def test_a_server_without_a_usable_home_stays_up_to_say_so(home, monkeypatch, caplog) -> None:
    (home / "runs.sqlite").write_bytes(b"\xf3" * 20_000)
    monkeypatch.setattr(server.gc, "freeze", lambda: None)
    monkeypatch.setattr(server.threading.Thread, "start", lambda _thread: None)

    async def live() -> None:
        async with server.lifespan(None):
            pass

    asyncio.run(live())
    assert "Move that file elsewhere" in caplog.text
