"""The session of a tab that does not come back is ended, and what it held is given back: its state, the files that it brought.

Streamlit 1.67 keeps the session of a closed tab for two minutes, in case its line was cut. After that it would end only when
another tab is closed, tomorrow perhaps.
"""

import asyncio

import streamlit as st
from streamlit import runtime

SHARE = 0.9
"""Of the time for which Streamlit keeps a session: afterwards it no longer finds the session, though it still holds it."""


class ClosedTabs:
    """The tabs that were closed a short while ago, by their sessions; used in the server's event loop alone."""

    def __init__(self) -> None:
        self._gone: dict[str, asyncio.TimerHandle] = {}

    def here(self, session: str) -> None:
        """Note that a session has a tab."""
        if (timer := self._gone.pop(session, None)) is not None:
            timer.cancel()

    def gone(self, session: str) -> None:
        """Note that the tab of a session is gone; unless it comes back in time, the session ends."""
        self.here(session)
        patience_s = SHARE * float(st.get_option("server.disconnectedSessionTTL"))
        self._gone[session] = asyncio.get_running_loop().call_later(patience_s, self._end, session)

    def _end(self, session: str) -> None:
        del self._gone[session]
        if runtime.exists() and not (streamlit := runtime.get_instance()).is_active_session(session):
            streamlit.close_session(session)
