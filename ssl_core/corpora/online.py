"""Is the hub within reach? Asked in the background, so that nobody ever waits for the answer."""

import os
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import urlsplit

AGAIN_S = 60.0
LIMIT_S = 2.0


class Reach:
    """Whether a server answers, as it was a moment ago; the first answer is no, and the true one follows within seconds."""

    def __init__(self, try_it: Callable[[], None], clock: Callable[[], float] = time.monotonic) -> None:
        """``try_it`` raises OSError where the server is out of reach."""
        self._try_it, self._clock = try_it, clock
        self._lock = threading.Lock()
        self._asked_at_s: float | None = None
        self._is_there = False
        self.thread: threading.Thread | None = None

    def __call__(self) -> bool:
        """Say at once what is known, and ask again in the background where that is old."""
        with self._lock:
            known = self._is_there
            now_s = self._clock()
            if self._asked_at_s is None or now_s - self._asked_at_s >= AGAIN_S:
                self._asked_at_s = now_s
                self.thread = threading.Thread(target=self._ask, name="is-the-hub-there", daemon=True)
                self.thread.start()
            return known

    def _ask(self) -> None:
        try:
            self._try_it()
        except OSError:
            self._is_there = False
        else:
            self._is_there = True


def is_allowed() -> bool:
    """Say whether this machine may ask the hub at all: not with PLAYGROUND_HUB=off or HF_HUB_OFFLINE=1."""
    is_off = os.environ.get("PLAYGROUND_HUB", "").lower() in ("off", "0", "no")
    return not is_off and os.environ.get("HF_HUB_OFFLINE", "").upper() not in ("1", "ON", "YES", "TRUE")


def is_online() -> bool:
    """Say whether the hub was within reach a moment ago; never waits."""
    return is_allowed() and _hub()


def is_online_now() -> bool:
    """Try at once whether the hub is within reach; waits two seconds at most."""
    try:
        _connect()
    except OSError:
        return False
    return is_allowed()


def _connect() -> None:
    address = urlsplit(os.environ.get("HF_ENDPOINT") or "https://huggingface.co")
    port = address.port or (80 if address.scheme == "http" else 443)
    socket.create_connection((address.hostname or "", port), timeout=LIMIT_S).close()


_hub = Reach(_connect)
