"""A real Streamlit server and a real Chromium, each page watched for errors and for requests that leave this machine."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tools import app_server
from tools.app_server import Server

ROOT = Path(__file__).parents[2]
expect.set_options(timeout=30_000)  # no test is about time: a busy machine may take a while
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and run it last: Playwright keeps an event loop running that other tests can't share."""
    for item in items:
        if is_here(item):
            item.add_marker(pytest.mark.browser)
    items.sort(key=is_here)


def is_here(item: pytest.Item) -> bool:
    """Return whether a test lies in this folder."""
    return Path(__file__).parent in item.path.parents


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium, or a skip that says what is missing."""
    found = app_server.chromium()
    if found is None:
        if os.environ.get("PLAYGROUND_REQUIRE_BROWSER") == "1":
            pytest.fail(app_server.NO_CHROMIUM)
        pytest.skip(app_server.NO_CHROMIUM)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(app_server.CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """Start servers: ``serve(fill=…, script=…, PLAYGROUND_…=…)``; all are gone at the end."""
    started: list[Server] = []

    def start(*, fill: Callable[[Path], None] | None = None, script: Path = ROOT / "app.py", **environment: str) -> Server:
        folder = tmp_path_factory.mktemp("server")
        if fill is not None:
            fill(folder / "home")
        started.append(app_server.start(folder, script=script, environment=environment))
        return started[-1]

    yield start
    for server in started:
        app_server.stop(server)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open addresses: ``visit(url, size=PHONE, is_dark=True)``; at the end nothing may have failed or left this machine."""
    faults: list[str] = []
    contexts = []

    def open_address(url: str, *, size: dict[str, int] = WIDE, is_dark: bool = False, **options) -> Page:
        context = browser.new_context(viewport=size, color_scheme="dark" if is_dark else "light", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"console: {message.text}") if _is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("request", lambda request: faults.append(f"left: {request.url}") if _leaves(request.url) else None)
        page.goto(url)
        settled(page)
        return page

    yield open_address
    for context in contexts:
        context.close()
    assert not faults, "\n".join(faults)


def settled(page: Page) -> None:
    """Wait until the page has its title and nothing is a grey block any more."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')", timeout=60_000
    )


def serious_violations(page: Page) -> list[str]:
    """Return what axe finds serious or critical on a page as it stands."""
    return [
        f"{each['id']} ({each['impact']}): {node['html'][:300]} {node['failureSummary'][:300]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]


def assert_readable_in_both_themes(page: Page) -> None:
    """Check that axe finds nothing serious or critical, in the light and in the dark theme."""
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        page.wait_for_timeout(1000)  # colours fade
        assert not serious_violations(page), scheme


def _is_fault(message: ConsoleMessage) -> bool:
    # Streamlit looks for its server below the page's own path first: two 404s that mean nothing
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost")
