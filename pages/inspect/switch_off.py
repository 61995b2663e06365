"""Switch off: what becomes of a prediction and of the loss without some heads, and why the network says what it says."""

import streamlit as st

from pages._ui import address, inspected, lab_models, network_choice, page, section, style, why_view
from pages._ui import switch_off_state as state
from pages._ui import switch_off_view as view
from pages._ui.asking import together
from ssl_core.i18n import _


def show() -> None:
    """Lay the page out: a network and a sentence, heads to switch off, the prediction and the map of what is missed."""
    models = [each for each in inspected.available() if inspected.expects_words(each)]
    side = network_choice.one(models, "switch-off", (state.OFF,))  # another network has other heads
    if side is None:
        lab_models.how_to_get_one()
        return
    model, step = side
    view.sentence(model)
    named = inspected.named(model, step)
    asked = {"model": named, "text": state.text(model)}
    left, right = st.columns(2, gap="medium")
    with left:
        view.guess_and_heads()
        together(
            [("ablation", {**asked, "silent": state.off(), "with_loss": bool(state.off()), "num_top": view.NUM_TOP})],
            lambda answers: view.predictions(answers[0]),
            place="switch-off-words",
        )
    with right:
        page.lead(
            _("Which head matters most?"),
            _("2.1 is the first head of layer 2. Beside it: by how much the loss on held-out text rises without it alone."),
        )
        importance = ("head_importance", {"model": named, "with_curves": False})
        together([importance], lambda answers: view.importance(answers[0]), place="switch-off-map")
    section.show(_("Prune until it hurts"), view.prune, named, icon=":material/content_cut:", key="switch-off-prune")
    section.show(_("Why this word?"), why_view.explanations, asked, icon=":material/help:", key="switch-off-why")
    section.show(_("Layer by layer"), why_view.lens, asked, icon=":material/layers:", key="switch-off-lens")
    section.notice_and_limits("switch_off", "switch-off")


page.header(_("Switch off"), _("What becomes of a prediction without a head?"))
st.html(style.ASSETS / "switch_off.css")
page.shown(show, _("Back to the first example"))
address.send()
