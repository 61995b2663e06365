"""The address of a page: what is as usual is left out, so that it says only what somebody chose; it may say anything."""

import streamlit as st

from pages._ui.by_hand import by_hand

MOST_DIGITS = 18


def whole(written: str) -> int | None:
    """Return the whole number from 0 on that somebody wrote into an address; None where it is none, or absurdly long."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS else None


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
