"""Keep the garbage collector out of the way of ticking charts."""

import gc
import threading
import time

import streamlit as st

COLLECT_EVERY_S = 30


@st.cache_resource(show_spinner=False)
def settle() -> None:
    """Set everything imported so far aside from collection, and collect the rest now and then.

    A collection after each script run holds every viewer up; what the imports left behind never dies anyway.
    """
    gc.collect()
    gc.freeze()
    threading.Thread(target=_collect_now_and_then, name="collect-garbage", daemon=True).start()


def _collect_now_and_then() -> None:
    while True:
        time.sleep(COLLECT_EVERY_S)
        gc.collect()
