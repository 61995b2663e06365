"""Browser windows that go from test to test.

A window that has read Streamlit's scripts before opens a page for a third of what a new one takes.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Page

EMPTY = "about:blank"
FORGET = "() => { localStorage.clear(); sessionStorage.clear(); }"


@dataclass(eq=False, kw_only=True)
class Window:
    """A window with one page, and what has gone wrong on it."""

    page: Page
    options: tuple[tuple[str, Any], ...]
    faults: list[str] = field(default_factory=list)


class Windows:
    """The windows of a browser: those in use belong to one visitor each, the others wait for the next."""

    def __init__(self, browser: Browser):
        self._browser = browser
        self._free: list[Window] = []

    def take(self, **options: Any) -> Window:
        """Return a window whose context has these options: one that is free, else a new one."""
        wanted = tuple(sorted(options.items()))
        free = next((each for each in self._free if each.options == wanted), None)
        if free is not None:
            self._free.remove(free)
            return free
        return self._opened(wanted)

    def give_back(self, window: Window) -> None:
        """Empty a window: nothing of its visitor's stays but the scripts and styles that the browser has read."""
        page = window.page
        if page.is_closed() or len(page.context.pages) > 1 or not page.url.startswith("http"):
            page.context.close()
            return
        page.evaluate(FORGET)
        page.goto(EMPTY)
        page.mouse.move(0, 0)
        page.context.clear_cookies()
        window.faults.clear()
        self._free.append(window)

    def _opened(self, options: tuple[tuple[str, Any], ...]) -> Window:
        window = Window(page=self._browser.new_context(**dict(options)).new_page(), options=options)
        page, faults = window.page, window.faults
        page.on("console", lambda message: faults.append(f"console: {message.text}") if _is_fault(message) else None)
        page.on("pageerror", lambda error: faults.append(f"page error: {error}"))
        page.on("request", lambda request: faults.append(f"left: {request.url}") if _leaves(request.url) else None)
        return window


def _is_fault(message: ConsoleMessage) -> bool:
    # Streamlit looks for its server below the page's own path first: two 404s that mean nothing
    return message.type == "error" and "/_stcore/" not in message.location.get("url", "")


def _leaves(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in ("127.0.0.1", "localhost")
