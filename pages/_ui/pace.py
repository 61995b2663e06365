"""How often a page that refreshes by itself asks again: less often as more people look on, or as answers take longer.

The browser keeps the time; the server tells it another interval whenever one is due.
"""

import asyncio
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import streamlit as st
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_run_context import ThreadState

PACES_S = ((100, 5.0), (30, 2.0), (8, 1.0), (0, 0.5))  # more viewers than this: seconds between two looks, at least
STEPS_S = (0.5, 1.0, 2.0, 3.0, 5.0, 8.0)
BUSY = 1.5
"""How many ticks may be under way at a time, on average: viewers × seconds that a tick takes, over the pace."""

HURRIED_S, HURRY_FOR_S = 0.25, 3.0  # for somebody who has just pressed Pause or One step, and wants to see it
GONE_AFTER_S = 20.0
WEIGHT = 0.02  # of one tick in the mean of what ticks take
PAGES_AT_ONCE, PAGES_PER_S = 8.0, 10.0
"""Whole pages laid out again because a run has ended: at most these at once, then so many a second. A class ends together."""

_VIEWER, _TOLD, _HURRIES_UNTIL = "shell.viewer", "shell.pace", "shell.hurries_until"


@dataclass(slots=True)
class Crowd:
    """Who looks on in this process, and what a tick takes."""

    seen: dict[str, float] = field(default_factory=dict)  # viewer: when
    tick_s: float = 0.0
    loop: asyncio.AbstractEventLoop | None = None
    turns: float = PAGES_AT_ONCE
    turned_at: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def come(self, viewer: str, now: float) -> None:
        """Note that somebody looks on, and forget who has left."""
        self.seen[viewer] = now
        for each in [each for each, at in list(self.seen.items()) if now - at > GONE_AFTER_S]:
            self.seen.pop(each, None)

    def took(self, seconds: float) -> None:
        """Note what a tick took from its beginning until the server had taken up all that it sends."""
        self.tick_s += WEIGHT * (seconds - self.tick_s)

    def takes_turn(self, now: float) -> bool:
        """Return whether one more whole page may be laid out again at this moment, and count it."""
        with self.lock:
            self.turns = min(PAGES_AT_ONCE, self.turns + PAGES_PER_S * (now - self.turned_at))
            self.turned_at = now
            may = self.turns >= 1.0
            self.turns -= may
        return may

    def pace_s(self) -> float:
        """Return the seconds between two looks of one viewer."""
        num_viewers = len(self.seen)
        at_least = next(pace for more_than, pace in PACES_S if num_viewers > more_than or not more_than)
        wanted = max(at_least, num_viewers * self.tick_s / BUSY)
        return next((step for step in STEPS_S if step >= wanted), STEPS_S[-1])


crowd = Crowd()


def measure(loop: asyncio.AbstractEventLoop) -> None:
    """Measure ticks up to the moment that the server's event loop has taken up what they send."""
    crowd.loop = loop


def seconds() -> float:
    """Note that this viewer looks on, and return how many seconds to wait before the next look."""
    crowd.come(st.session_state.setdefault(_VIEWER, uuid.uuid4().hex), time.monotonic())
    if time.monotonic() < st.session_state.get(_HURRIES_UNTIL, 0.0):
        return HURRIED_S
    return crowd.pace_s()


def takes_turn() -> bool:
    """Return whether this viewer's whole page may be laid out now; where many wait for that, some do at their next look."""
    return crowd.takes_turn(time.monotonic())


def hurry() -> None:
    """Let this viewer look more often for a moment: a press of theirs is to show soon."""
    st.session_state[_HURRIES_UNTIL] = time.monotonic() + HURRY_FOR_S


def set_out() -> float:
    """Return the pace for a fragment that is laid out now, and remember it as told."""
    st.session_state[_TOLD] = seconds()
    return float(st.session_state[_TOLD])


@contextmanager
def tick() -> Iterator[None]:
    """Measure what a fragment's own rerun takes, and tell its browser another pace if one is due."""
    began_at = time.monotonic()
    yield
    wanted = seconds()
    if wanted != st.session_state.get(_TOLD):
        _tell(wanted)
    if crowd.loop is not None and not crowd.loop.is_closed():
        crowd.loop.call_soon_threadsafe(lambda: crowd.took(time.monotonic() - began_at))


def is_tick() -> bool:
    """Return whether the fragment that calls this reruns alone, not as a part of what lays it out."""
    context = get_script_run_ctx()
    running = context.fragment_ids_this_run if context is not None else None
    return bool(running) and ThreadState.get().fragment_id in running


def fragment_id() -> str:
    """Return which fragment runs, "" where none does."""
    return ThreadState.get().fragment_id or ""


def _tell(pace_s: float) -> None:
    context, fragment = get_script_run_ctx(), ThreadState.get().fragment_id
    if context is None or fragment is None:
        return
    message = ForwardMsg()
    message.auto_rerun.interval, message.auto_rerun.fragment_id = pace_s, fragment
    context.enqueue(message)
    st.session_state[_TOLD] = pace_s
