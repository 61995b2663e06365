"""Pretext: the losses by hand. Drag scores and points; see what each loss rewards and where it pulls."""

import streamlit as st

from pages._ui import address, language, loss_lab_depth, loss_lab_guess, loss_lab_state, loss_lab_view, page, style
from ssl_core.i18n import _


@language.fragment()
def instrument(key: str) -> None:
    """Show one instrument; what is dragged in it runs only this part of the page again."""
    part = loss_lab_view.PARTS[key]
    state = loss_lab_state.of(part)
    loss_lab_guess.show(part, state)
    loss_lab_view.show(part, state)
    loss_lab_depth.of_now(part, state)


chosen = loss_lab_view.asked()
page.header(_("Loss lab"), _(loss_lab_view.PARTS[chosen].question))
st.html(style.ASSETS / "loss_lab.css")
loss_lab_view.choose(chosen)
with st.container(key="loss-lab-whole"):
    instrument(chosen)
    loss_lab_depth.of_part(loss_lab_view.PARTS[chosen])
address.send()
