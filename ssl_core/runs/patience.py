"""How long anybody waits for a store that somebody else has locked, and how what must be written is tried again."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from ssl_core.runs import unusable

PATIENCE_S = 10.0
"""A page or a command waits this long for a lock before it says that the store is busy."""
AGAIN_S = 0.5
LIMIT_S = 600.0
Result = TypeVar("Result")
log = logging.getLogger(__name__)
_own_s: ContextVar[float | None] = ContextVar("patience_s", default=None)


def seconds() -> float:
    """Return how long a transaction that begins now waits for a lock."""
    own_s = _own_s.get()
    return PATIENCE_S if own_s is None else own_s


@contextmanager
def of(seconds_each: float) -> Iterator[None]:
    """Have the transactions of this thread wait ``seconds_each`` for a lock, within the block."""
    before = _own_s.set(seconds_each)
    try:
        yield
    finally:
        _own_s.reset(before)


def patiently(call: Callable[[], Result], *, limit_s: float = LIMIT_S, again_s: float | None = None) -> Result:
    """Return what ``call`` returns, tried again while the store is locked; to be used where nothing else can be done meanwhile.

    Raises: OperationalError if it is locked for longer than ``limit_s``, or can't be used for another reason.
    """
    ends_at = time.monotonic() + limit_s
    while True:
        try:
            return call()
        except OperationalError as reason:
            if not unusable.is_busy(reason) or time.monotonic() > ends_at:
                raise
            log.warning("the store is locked and is tried again: %s", reason.orig)
        time.sleep(AGAIN_S if again_s is None else again_s)
