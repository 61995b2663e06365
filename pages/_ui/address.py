"""Writing into the address of a page: what is as usual is left out, so that an address says only what somebody chose."""

import streamlit as st

from pages._ui.by_hand import by_hand


def put(name: str, value: str, usual: str = "") -> None:
    """Put a parameter into the address, or take it out where it says what is usual anyway."""
    if value == usual:
        forget(name)
    else:
        st.query_params[name] = value


def forget(*names: str) -> None:
    """Take parameters out of the address; it does no harm if they are not there."""
    for name in names:
        st.query_params.pop(name, None)


@by_hand
def take(name: str, widget: str, outdated: tuple[str, ...] = ()) -> None:
    """Take over what a reader set a widget to; ``outdated`` parameters leave the address with what was there before."""
    put(name, str(st.session_state.get(widget) or "").strip())
    forget(*outdated)
