"""A slow line, made on purpose: what the server says comes late."""

import re
from collections import deque

from playwright.sync_api import Page, WebSocketRoute


class Held:
    """What the server says to a page, held back on the way for as long as wanted; from the page's next load on."""

    def __init__(self, page: Page):
        self.is_holding = False
        self.waiting: deque[tuple[WebSocketRoute, str | bytes]] = deque()
        page.route_web_socket(re.compile("_stcore/stream"), self._between)

    def _between(self, browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()
        server.on_message(lambda message: self.waiting.append((browser, message)) if self.is_holding else browser.send(message))

    def release(self) -> None:
        """Let everything go on, in order."""
        self.is_holding = False
        while self.waiting:
            browser, message = self.waiting.popleft()
            browser.send(message)
