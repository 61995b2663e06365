"""What the attention page shows, kept in the URL: a text, perhaps a second sentence, and which head is looked at how."""

from collections.abc import Mapping
from typing import Any, TypeGuard

import streamlit as st

from pages._ui import address
from ssl_core.attention.kinds import KINDS

TEXT, PAIR, AGAINST_TEXT = "text", "pair", "against_text"
FORMS = ("matrix", "lines")
MAX_CHARACTERS = 600
_KEPT = "attention.state"
_FLAGS = {"words": False, "marks": True, "difference": False, "arcs": True}  # and what they are unless somebody changes them
_PARAMETERS = {"kind": "self", "layer": "1", "head": "1", "form": FORMS[0]}
_MOST, _MOST_PLACE = 512, 10_000


def text(usual: str) -> str:
    """Return the text that is read: the one in the address, else a usual one."""
    return st.query_params.get(TEXT, "")[:MAX_CHARACTERS].strip() or usual


def against_text(usual: str) -> str:
    """Return the text that the network beside it reads; the same one unless another is in the address."""
    return st.query_params.get(AGAINST_TEXT, "")[:MAX_CHARACTERS].strip() or usual


def pair() -> str:
    """Return the second sentence, "" where there is none."""
    return st.query_params.get(PAIR, "")[:MAX_CHARACTERS].strip()


def shown() -> dict[str, Any]:
    """Return which head is shown and how, as the browser counts: layers and heads from 0."""
    asked = {name: st.query_params.get(name, usual) for name, usual in _PARAMETERS.items()}
    return {
        "kind": asked["kind"] if asked["kind"] in KINDS else "self",
        "layer": _number(asked["layer"]) - 1,
        "head": _number(asked["head"]) - 1,
        "form": asked["form"] if asked["form"] in FORMS else FORMS[0],
        **{name: _flag(name, usual) for name, usual in _FLAGS.items()},
        "pinned": pinned(),
    }


def pinned() -> list[int] | None:
    """Return the cell whose arithmetic is shown: the token that looks and the one it looks at, counted from 0."""
    places = [address.whole(each) for each in st.query_params.get("cell", "").split("-")]
    return places if _is_cell(places) else None


def keep(sent: Any) -> None:
    """Take over what the browser sends; anything else than a state is left alone."""
    if not isinstance(sent, Mapping):
        return
    for name in ("layer", "head"):
        if isinstance(sent.get(name), int):
            address.put(name, str(min(max(sent[name], 0), _MOST) + 1), _PARAMETERS[name])
    for name, known in (("kind", tuple(KINDS)), ("form", FORMS)):
        if sent.get(name) in known:
            address.put(name, sent[name], _PARAMETERS[name])
    for name, usual in _FLAGS.items():
        if isinstance(sent.get(name), bool):
            address.put(name, str(int(sent[name])), str(int(usual)))
    cell = sent.get("pinned")
    address.put("cell", "-".join(map(str, cell)) if _is_cell(cell) else "")


def _is_cell(sent: object) -> TypeGuard[list[int]]:
    return isinstance(sent, list) and len(sent) == 2 and all(isinstance(each, int) and 0 <= each < _MOST_PLACE for each in sent)


def _number(written: str) -> int:
    return min(address.whole(written) or 1, _MOST)


def _flag(name: str, usual: bool) -> bool:
    return {"0": False, "1": True}.get(st.query_params.get(name, ""), usual)
