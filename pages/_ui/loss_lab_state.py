"""What each instrument of the loss lab shows: kept in the address and in the session, set by browser, address or guess."""

from typing import Any

import streamlit as st

from pages._ui import address
from pages._ui.loss_lab_part import Part, State

PART = "part"


def of(part: Part) -> State:
    """Return the state of an instrument: as it was left, else as the address says, else the usual one."""
    kept = st.session_state.setdefault(_key(part), None)
    if kept is None:
        asked = part.clean(part.read({name: st.query_params[name] for name in st.query_params}))
        kept = st.session_state[_key(part)] = asked or part.usual()
    return kept


def setup(part: Part) -> int:
    """Return how often this page, not the browser, has set the instrument: the browser takes over a state that is newer."""
    return int(st.session_state.setdefault(f"{_key(part)}.setup", 0))


def dragged(part: Part, sent: Any) -> None:
    """Take over what the browser sends when a drag ends; anything else than a state of this setup is left alone."""
    if isinstance(sent, dict) and sent.get("setup") == setup(part):
        state = part.clean(sent)
        if state is not None:
            _keep(part, state)


def put(part: Part, state: State) -> None:
    """Set an instrument from this page; it glides there."""
    st.session_state[f"{_key(part)}.setup"] = setup(part) + 1
    _keep(part, state)


def into_address(part: Part, others: tuple[Part, ...]) -> None:
    """Let the address tell of this instrument alone."""
    kept = {PART: part.key, **(part.write(of(part)) if of(part) != part.usual() else {})}
    for name in {PART, *(each for other in others for each in other.write(other.usual()))}:
        if name in kept:
            address.put(name, kept[name], usual=None)
        else:
            address.forget(name)


def _keep(part: Part, state: State) -> None:
    st.session_state[_key(part)] = state
    for name, value in part.write(state).items():
        address.put(name, value, usual=None)


def _key(part: Part) -> str:
    return f"loss_lab.state.{part.key}"
