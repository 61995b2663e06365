"""How much memory a long-lived process has taken for itself, and how to give back what it no longer needs."""

import ctypes
import gc
import platform
from collections.abc import Callable

import psutil

MAX_GROWN_BYTES = 256_000_000
"""A process that answers and has grown by more than this makes room for a fresh one, once nobody asks."""


def own_bytes() -> int:
    """Return what would be free if this process ended: not what it shares with the one it was forked from."""
    process = psutil.Process()
    try:
        return int(process.memory_full_info().uss)
    except (psutil.AccessDenied, AttributeError):  # some systems tell no more than the sum
        return int(process.memory_info().rss)


def give_back() -> None:
    """Drop what nothing refers to, and hand freed memory to the system, which glibc would keep for later."""
    gc.collect()
    if platform.system() == "Linux" and platform.libc_ver()[0] == "glibc":
        ctypes.CDLL(None).malloc_trim(0)


class Growth:
    """Watches the memory of this process from when it is made."""

    def __init__(self, measure: Callable[[], int] = own_bytes, max_grown_bytes: int = MAX_GROWN_BYTES) -> None:
        self._measure, self._max_grown_bytes = measure, max_grown_bytes
        self._at_first = measure()
        self.grown_bytes = 0

    def is_too_large(self) -> bool:
        """Give back what can be, and say whether the rest is more than may be kept."""
        give_back()
        self.grown_bytes = self._measure() - self._at_first
        return self.grown_bytes > self._max_grown_bytes
