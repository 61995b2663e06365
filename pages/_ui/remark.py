"""A remark that stands for a few seconds where the learner is looking.

Not st.toast: from a fragment it takes the place of the house's CSS, which Streamlit keeps in the same spot.
"""

import time

import streamlit as st

from ssl_core.errors import UserError

STAYS_S = 8.0


def leave(key: str, remark: UserError) -> None:
    """Leave a remark for the next reruns; it is put into words when it is shown, in the page's language."""
    st.session_state[key] = (remark, time.monotonic())


def standing(key: str) -> str:
    """Return the remark left a moment ago, or ""."""
    remark, left_at = st.session_state.get(key, (None, 0.0))
    return remark.message() if remark is not None and time.monotonic() - left_at < STAYS_S else ""
