"""All heads of a network, or of up to three, on one text: data for assets/components/attention.js."""

import base64
import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from pages._ui import attention_gold, attention_state, inspected, page, style
from pages._ui.components import component
from pages._ui.inspected import Model
from ssl_core.attention.kinds import CROSS, DECODER, KINDS, SELF
from ssl_core.engine.questions import Answer
from ssl_core.i18n import _

_KEY = "attention.heads"
_FULL = 65_535
_UNKNOWN = ("[UNK]", "<unk>")
_MOST_OF_TEXT = 30  # characters, in a title
SIDES = {SELF: ("read", "read"), DECODER: ("written", "written"), CROSS: ("written", "read")}  # who looks, and at whom
_SCRIPTS = (
    "loss_chart_parts", "read_by_keys", "attention_weights", "attention_maps", "attention_matrix", "attention_lines",
    "attention_export",
)  # fmt: skip
Shown = tuple[Model, int | None, str, Answer]
"""A network, the step it is looked at, the text it reads, and what its heads did."""


def show(sides: list[Shown]) -> None:
    """Show one network, or up to three beside each other in step; what is chosen in the browser goes into the address."""
    if any(_is_mostly_unknown(answer.values) for *_others, answer in sides):
        page.note(
            _("[UNK] stands for what a network has no token for: most of this text. Write in the language that it reads.")
        )
    component("attention", *_SCRIPTS)(key=_KEY, data=figure(sides), on_state_change=_changed)


def _is_mostly_unknown(values: Mapping[str, Any]) -> bool:
    inside = [token for token, is_mark in zip(values["tokens"], values["is_mark"], strict=True) if not is_mark]
    return 2 * sum(token in _UNKNOWN for token in inside) > len(inside)


def figure(sides: list[Shown]) -> dict[str, Any]:
    """Return what the heads are drawn from."""
    titles = _titles(sides)
    return {
        "setup": " ".join(model.key for model, *_others in sides),
        "colour": style.task_colour(sides[0][0].task),
        "state": attention_state.shown(),
        "views": [
            {**view(title, answer.values, answer.arrays()), "arcs": attention_gold.arcs(text, answer.values)}
            for title, (_model, _step, text, answer) in zip(titles, sides, strict=True)
        ],
        "labels": _labels(),
    }


def _titles(sides: list[Shown]) -> list[str]:
    """Say which is which where there are several: by network and step, and by their texts where these differ."""
    if len(sides) == 1:
        return [""]
    titles = [inspected.title_at(model, step) for model, step, _text, _answer in sides]
    texts = [text for _model, _step, text, _answer in sides]
    if len(set(texts)) == 1:
        return titles
    return [
        f"{title} · {textwrap.shorten(text, _MOST_OF_TEXT, placeholder='…')}" for title, text in zip(titles, texts, strict=True)
    ]


def view(title: str, values: Mapping[str, Any], arrays: Mapping[str, npt.NDArray[np.generic]]) -> dict[str, Any]:
    """Return what one network's heads are drawn from: tokens, and the weights in two bytes each."""
    return {
        "title": title,
        "sides": {"read": _side(values), "written": _side(values["written"]) if values["written"] else None},
        "kinds": {
            kind: {
                "numLayers": each["num_layers"],
                "numHeads": each["num_heads"],
                "rows": SIDES[kind][0],
                "columns": SIDES[kind][1],
                "packed": _packed(arrays[f"weights_{kind}_LHTS"]),
            }
            for kind, each in values["kinds"].items()
        },
    }


def _side(values: Mapping[str, Any]) -> dict[str, Any]:
    return {"tokens": values["tokens"], "isMark": values["is_mark"], "words": values["words"]}


def _packed(weights_LHTS: npt.NDArray[np.generic]) -> str:
    whole = np.rint(np.asarray(weights_LHTS, dtype=np.float64) * _FULL).astype("<u2")
    return base64.b64encode(whole.tobytes()).decode()


def _labels() -> dict[str, Any]:
    return {
        "maps": _("All heads: a row for each layer"),
        "layer": _("layer {layer}"),
        "heads": _("head"),
        "head": _("Layer {layer}, head {head}"),
        "matrix": _("One head: rows look at columns. Arrow keys read it square by square, Enter keeps one."),
        "looks": _("who looks"),
        "isLookedAt": _("at what"),
        "told": _("{head}. {help}"),
        "help": {
            "matrix": _("Each row shows where a token looks: stronger is more. Click a square for its arithmetic."),
            "lines": _("Each line shows where a token looks: thicker is more. Point at a token to see its lines alone."),
            "difference": _("The first as it is; the others less the first: in orange, where they give less."),
            "noDifference": _("These networks read different tokens, so each is shown as it is, without a difference."),
        },
        "reading": _("“{row}” gives “{column}” {share} of its attention."),
        "tools": _("How it is drawn"),
        "asMatrix": _("Matrix"),
        "asLines": _("Lines"),
        "words": _("Whole words"),
        "marks": _("Marks such as [CLS]"),
        "difference": _("Difference"),
        "arcs": _("True dependencies"),
        "arc": _("True arc: {name}."),
        "kinds": {kind: _(title) for kind, title in KINDS.items()},
        "save": _("Save"),
        "saves": {
            "head-svg": _("this head (SVG)"),
            "head-png": _("this head (PNG)"),
            "maps-svg": _("all heads (SVG)"),
            "maps-png": _("all heads (PNG)"),
        },
    }


def _changed() -> None:
    came = st.session_state.get(_KEY)
    attention_state.keep(came.get("state") if came else None)
