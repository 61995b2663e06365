"""Waiting for something that another process does, with a limit far beyond what it should take."""

import time
from collections.abc import Callable
from typing import Any


def wait_until(is_true: Callable[[], Any], what: str, *, limit_s: float = 240.0) -> Any:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline:
        found = is_true()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError(f"waited {limit_s:g} s in vain: {what}")
