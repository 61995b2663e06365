"""The choice of an instrument, and the instrument itself. Data for assets/components/loss_lab.js."""

from typing import Any

import streamlit as st

from pages._ui import loss_lab_binary, loss_lab_contrast, loss_lab_joint, loss_lab_softmax, loss_lab_state, style
from pages._ui.components import component
from pages._ui.loss_lab_part import Part, State
from ssl_core.i18n import _

PARTS = {
    each.key: each
    for each in (
        loss_lab_softmax.PART,
        loss_lab_binary.NEXT,
        loss_lab_binary.REPLACED,
        loss_lab_contrast.PART,
        loss_lab_joint.PART,
    )
}
_CHOICE, _COLOURS = "loss_lab.part", {"softmax": 0, "next": 0, "replaced": 2, "contrast": 2, "joint": 0}
_SCRIPTS = (
    "loss_chart_parts", "loss_lab_formulas", "loss_lab_instrument", "loss_lab_plot", "loss_lab_bars", "loss_lab_softmax",
    "loss_lab_binary", "loss_lab_contrast", "loss_lab_joint",
)  # fmt: skip


def asked() -> str:
    """Return which instrument is shown: the one in the address, else the first."""
    key = st.query_params.get(loss_lab_state.PART, "")
    return key if key in PARTS else next(iter(PARTS))


def choose(chosen: str) -> None:
    """Let the learner choose another instrument; the choice goes into the URL."""
    st.session_state[_CHOICE] = chosen
    st.segmented_control(
        _("Loss"), list(PARTS), format_func=lambda each: _(PARTS[each].title), required=True, key=_CHOICE,
        label_visibility="collapsed", on_change=_chosen,
    )  # fmt: skip


def show(part: Part, state: State) -> None:
    """Show the instrument; what is dragged in it comes back when it is let go."""
    key = f"loss_lab.{part.key}"
    component("loss_lab", *_SCRIPTS)(key=key, data=figure(part, state), on_state_change=lambda: _dragged(part, key))


def figure(part: Part, state: State) -> dict[str, Any]:
    """Return what the instrument is drawn from."""
    data = part.data(state)
    return {
        "kind": part.kind,
        "setup": loss_lab_state.setup(part),
        "colour": style.colour(_COLOURS[part.key]),
        "state": state,
        "numbers": part.numbers(state),
        "figures": [{"key": each.key, "name": each.name, "unit": each.unit} for each in part.figures()],
        **data,
        "labels": {
            "numpy": _("✓ checked with NumPy"),
            "browser": _("… worked out while you drag"),
            "moves": _("Try this"),
            **data["labels"],
        },
    }


def _dragged(part: Part, key: str) -> None:
    came = st.session_state.get(key)
    loss_lab_state.dragged(part, came.get("state") if came else None)


def _chosen() -> None:
    loss_lab_state.into_address(PARTS[st.session_state[_CHOICE]], tuple(PARTS.values()))
