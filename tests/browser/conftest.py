"""A real Streamlit server and a real Chromium, each page watched for errors and for requests that leave this machine."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from ssl_core.runs.store import RunStore
from tests.browser.windows import Window, Windows
from tests.conftest import end_engine_and_workers
from tests.pages import opening
from tools import app_server
from tools.app_server import Server

expect.set_options(timeout=30_000)  # no test is about time: a busy machine may take a while
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
TOO_WIDE = """() => [document.scrollingElement, document.querySelector('[data-testid=stMain]')]
  .map((each) => each.scrollWidth - each.clientWidth)"""
# looked at every 150 ms; three looks that find the same are enough
KEEPS_ITS_SHAPE = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((each) => each.shadowRoot).filter(Boolean)];
  const fades = roots.flatMap((root) => root.getAnimations?.() ?? [])
    .some((each) => each.playState === "running" && each.effect?.getComputedTiming().endTime !== Infinity);
  const main = document.querySelector("[data-testid=stMain]");
  const now = [main.scrollWidth, main.scrollHeight, main.clientWidth, main.querySelectorAll("*").length].join();
  window.stillSince = !fades && window.stillAs === now ? window.stillSince + 1 : 0;
  window.stillAs = now;
  return window.stillSince >= 3;
}"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and run it last: Playwright keeps an event loop running that other tests can't share."""
    for item in items:
        if is_here(item):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: (is_here(item), "engine_server" in item.fixturenames))  # engines hold memory: they start late


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
def windows(browser: Browser) -> Windows:
    return Windows(browser)


@pytest.fixture(scope="module")
def serve(tmp_path_factory) -> Iterator[Callable[..., Server]]:
    """Start servers of one's own: ``serve(script=…)``, usually of the app; all are gone at the end of the file."""
    started: list[Server] = []

    def start(*, script: Path = app_server.ROOT / "app.py") -> Server:
        started.append(app_server.start(tmp_path_factory.mktemp("server"), script=script))
        return started[-1]

    yield start
    for server in started:
        app_server.stop(server)


@pytest.fixture(scope="session")
def quiet_server(tmp_path_factory) -> Iterator[Server]:
    """One server for all files that only look: a run in each state, no engine, no hub. What it logs holds no traceback."""
    folder = tmp_path_factory.mktemp("quiet")
    (folder / "home").mkdir()
    opening.fill(store_of(folder / "home"))
    server = app_server.start(folder, environment={"PLAYGROUND_HUB": "off"})
    yield server
    app_server.stop(server)
    assert "Traceback" not in server.log.read_text(errors="replace"), server.log.read_text(errors="replace")[-3000:]


@pytest.fixture(scope="session")
def engine_server(tmp_path_factory) -> Iterator[Server]:
    """One server with one engine for all files that train or ask networks: torch is loaded once."""
    environment = {"PLAYGROUND_ENGINE": "on", "PLAYGROUND_ENGINE_IDLE_S": "120", "PLAYGROUND_WORKERS": "2"}
    server = app_server.start(tmp_path_factory.mktemp("engine"), environment=environment)
    yield server
    app_server.stop(server)
    end_engine_and_workers(store_of(server.home))


def store_of(home: Path) -> RunStore:
    """Return the run store of a server's home."""
    return RunStore(f"sqlite:///{home / 'runs.sqlite'}")


@pytest.fixture
def visit(windows: Windows) -> Iterator[Callable[..., Page]]:
    """Open addresses: ``visit(url, size=PHONE, is_dark=True)``; at the end nothing may have failed or left this machine."""
    taken: list[Window] = []

    def open_address(
        url: str, *, size: ViewportSize = WIDE, is_dark: bool = False, reduced_motion: str = "no-preference", **options: Any
    ) -> Page:
        taken.append(windows.take(**options))
        page = taken[-1].page
        page.set_viewport_size(size)
        page.emulate_media(color_scheme="dark" if is_dark else "light", reduced_motion=reduced_motion)
        page.goto(url)
        settled(page)
        return page

    yield open_address
    faults = [fault for window in taken for fault in window.faults]
    for window in taken:
        windows.give_back(window)
    assert not faults, "\n".join(faults)


def settled(page: Page) -> None:
    """Wait until the page has its title and nothing is a grey block any more."""
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_function(
        "() => !document.querySelector('[data-testid=stSkeleton], [data-testid=stStatusWidget]')", timeout=60_000
    )


def still(page: Page) -> None:
    """Wait until nothing is computed, nothing fades, and the page keeps its shape."""
    settled(page)
    page.evaluate("() => { window.stillAs = undefined; window.stillSince = 0; }")
    page.wait_for_function(KEEPS_ITS_SHAPE, polling=150)


def open_sections(page: Page, *sections: Locator) -> None:
    """Open sections, named by anything in their titles, the lowest first: one that opens moves those below it."""
    for each in reversed([section.first for section in sections]):  # in an open one there may be more of them
        each.click()
        expect(each.locator("xpath=ancestor-or-self::details")).to_have_attribute("open", "")


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
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # half-faded letters have no colour of their own
        expect(page.locator(".stApp")).to_have_css("color-scheme", scheme)
        still(page)
        assert not serious_violations(page), scheme


def assert_fits_a_phone(page: Page) -> None:
    """Check that nothing scrolls sideways on a phone: a window made that small is laid out as one that opens so small."""
    page.set_viewport_size(PHONE)
    page.wait_for_function("() => document.querySelector('[data-testid=stMain]').clientWidth <= 390")
    still(page)
    assert sideways(page) <= 0


def sideways(page: Page) -> int:
    """By how many pixels the page, or what scrolls in it, is wider than its window."""
    return max(page.evaluate(TOO_WIDE))
