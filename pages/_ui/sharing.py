"""Values that all sessions share: read or made once, however many people look at them at the same moment."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
_MOST = 200


class Shared(Generic[T]):
    """A value that is read again once it is older than ``fresh_s``, by one session while the others go on with the last one."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s, self._lock = fresh_s, threading.Lock()
        self._value: T | None = None
        self._at = float("-inf")

    def get(self, read: Callable[[T | None], T]) -> T:
        """Return the value; ``read`` is called with the last one, None the first time."""
        value = self._value
        if value is not None and time.monotonic() - self._at < self._fresh_s:
            return value
        if not self._lock.acquire(blocking=value is None):
            assert value is not None
            return value
        try:
            if self._value is None or time.monotonic() - self._at >= self._fresh_s:
                self._value = read(self._value)
                self._at = time.monotonic()
            return self._value
        finally:
            self._lock.release()


class ManyShared(Generic[T]):
    """Shared values by key; the least used are forgotten."""

    def __init__(self, fresh_s: float) -> None:
        self._fresh_s, self._lock = fresh_s, threading.Lock()
        self._by_key: OrderedDict[Hashable, Shared[T]] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[T | None], T]) -> T:
        """Return the value of a key as ``Shared.get`` does."""
        with self._lock:
            shared = self._by_key.setdefault(key, Shared(self._fresh_s))
            self._by_key.move_to_end(key)
            while len(self._by_key) > _MOST:
                self._by_key.popitem(last=False)
        return shared.get(read)
