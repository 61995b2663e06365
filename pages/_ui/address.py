"""The address of a page: what is as usual is left out, so that it says only what somebody chose; it may say anything.

All of it is written here. With each press, and with each tick of a part that refreshes by itself, the browser sends the address
along that it knows. What it sent before it heard of a new one brings an old address back, and with it what the page showed
then. So the page remembers what it put into its address last, and stays with that.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._ui.by_hand import by_hand

MOST_DIGITS = 18
LATE_S = 5.0
"""How long after a change an address of before counts as sent too early. Later somebody may have gone back to it by a link."""

_KNOWN, _MOST_EARLIER = "shell.address", 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What a page's address is, and which ones the browser may still take it for."""

    page: str
    now: dict[str, str]
    earlier: tuple[dict[str, str], ...] = ()
    changed_at: float = float("-inf")


def whole(written: str) -> int | None:
    """Return the whole number from 0 on that somebody wrote into an address; None where it is none, or absurdly long."""
    return int(written) if written.isascii() and written.isdigit() and len(written) <= MOST_DIGITS else None


def laid_out() -> None:
    """Remember for which address the whole page runs; it says so before anything else."""
    settle()
    page, here, known = _page(), st.query_params.to_dict(), _known()
    if known is None or (known.page, known.now) != (page, here):
        st.session_state[_KNOWN] = _Known(page=page, now=here)


def settle() -> None:
    """Stay at the address that the page was given last, where one of before has come in; what reads it to change it asks first.

    A tick never brings a new one; whoever goes back in the browser means it.
    """
    context, known = get_script_run_ctx(), _known()
    if context is None or known is None or known.page != _page() or context.is_history_navigation:
        return
    here = st.query_params.to_dict()
    is_late = here in known.earlier and time.monotonic() - known.changed_at < LATE_S
    if here != known.now and (is_late or context.fragment_ids_this_run):
        st.query_params.from_dict(known.now)


def put(name: str, value: str, usual: str | None = "") -> None:
    """Put a parameter into the address, or take it out where it says what is usual anyway."""
    if value == usual:
        forget(name)
    else:
        _change(lambda: st.query_params.update({name: value}))


def put_all(names: Iterable[str], values: Mapping[str, str]) -> None:
    """Put parameters into the address at once, and take out those of ``names`` that ``values`` does not have."""
    gone = set(names) - set(values)
    _change(lambda: st.query_params.from_dict({**_without(gone), **values}))


def forget(*names: str) -> None:
    """Take parameters out of the address; it does no harm if they are not there."""
    _change(lambda: [st.query_params.pop(name, None) for name in names])


def clear() -> None:
    """Take all out of the address."""
    _change(st.query_params.clear)


def send() -> None:
    """Tell the browser the address: of a link from a page to itself Streamlit does not."""
    st.query_params.from_dict(st.query_params.to_dict())


@by_hand
def take(name: str, widget: str, outdated: tuple[str, ...] = ()) -> None:
    """Take over what a reader set a widget to; ``outdated`` parameters leave the address with what was there before."""
    put(name, str(st.session_state.get(widget) or "").strip())
    forget(*outdated)


def _change(change: Callable[[], object]) -> None:
    settle()
    before, known = st.query_params.to_dict(), _known()
    change()
    now = st.query_params.to_dict()
    if now == before:
        return
    earlier = known.earlier if known is not None and (known.page, known.now) == (_page(), before) else ()
    earlier = tuple(each for each in (*earlier, before) if each != now)[-_MOST_EARLIER:]
    st.session_state[_KNOWN] = _Known(page=_page(), now=now, earlier=earlier, changed_at=time.monotonic())


def _without(names: set[str]) -> dict[str, str]:
    return {name: value for name, value in st.query_params.to_dict().items() if name not in names}


def _known() -> _Known | None:
    found: _Known | None = st.session_state.get(_KNOWN)
    return found


def _page() -> str:
    context = get_script_run_ctx()
    return context.page_script_hash if context is not None else ""
