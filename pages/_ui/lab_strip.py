"""The strip of tokens: one or two tasks on the same text, stage by stage; what a reader clicks on is hidden from a model."""

from typing import Any

from pages._ui import lab_state
from pages._ui.components import component
from pages._ui.lab_example import Made
from pages._ui.lab_stages import side
from ssl_core.i18n import N_, _
from ssl_core.pretext.base import Role

KEY = "lab.strip"
ROLES = {  # mark, title; the mark tells them apart where colours do not
    Role.KEPT: ("", N_("kept as it is")),
    Role.HIDDEN: ("▢", N_("hidden")),
    Role.RANDOMISED: ("⚄", N_("a random token")),
    Role.KEPT_BUT_PREDICTED: ("=", N_("visible, but chosen to be asked")),
    Role.REPLACED: ("⇄", N_("replaced by something else")),
    Role.MOVED: ("↷", N_("moved")),
    Role.SPECIAL: ("", N_("a special token")),
    Role.SENTINEL: ("◇", N_("stands for what was taken out")),
    Role.PADDING: ("", N_("padding, ignored")),
    Role.PREDICTED_IN_ORDER: ("№", N_("predicted without being seen; seen by those that follow in the order")),
}
SIGNS = {Role.KEPT: "a", Role.SPECIAL: "[ ]", Role.PADDING: "·"}  # in the legend, for roles without a mark


def show(sides: list[Made], picked: int) -> None:
    """Draw the strip."""
    component("lab_strip")(
        key=KEY, data=data_of(sides, picked), default={"picked": None}, on_picked_change=_noticed, on_draw_change=_drawn
    )


def picked(made: Made, result: Any) -> int:
    """Return which of the reader's tokens was clicked on, or -1; a click on another text counts no more."""
    found = (result or {}).get("picked") or {}
    at = found.get("at", -1) if found.get("name") == made.reading.name else -1
    return at if isinstance(at, int) and 0 <= at < len(made.reading.places) else -1


def data_of(sides: list[Made], picked_at: int) -> dict[str, Any]:
    """Return what the component draws."""
    reading = sides[0].reading
    return {
        "name": " ".join([reading.name, *(each.asked.task for each in sides)]),
        "text": reading.name,
        "picked": picked_at,
        "sides": [side(each) for each in sides],
        "roles": [
            {"mark": mark, "sign": mark or SIGNS[role], "title": _(title)}
            for role, (mark, title) in ((role, ROLES[role]) for role in Role)
        ],
        "labels": {
            "strip": _("The example, stage by stage. Arrow keys go forwards and back."),
            "bar": _("Steps"),
            "first": _("Back to the clean text"),
            "back": _("One step back"),
            "next": _("One step on"),
            "play": _("Play"),
            "pause": _("Pause"),
            "draw": _("Draw again"),
            "seed": _("sample {number}").format(number=lab_state.seed()),
            "of": _("Step {step} of {count}"),
            "text": _("text"),
            "sees": _("the model sees"),
            "reads": _("the decoder reads"),
            "predicts": _("must predict"),
            "hide": _("Click to hide it from a trained model."),
        },
    }


def _noticed() -> None:
    """Let Streamlit know that the clicked token is kept as state."""


def _drawn() -> None:
    lab_state.draw_again()
