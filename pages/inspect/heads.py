"""Heads: what every head of a network does, in numbers, and which of them find words that depend on each other."""

import streamlit as st

from pages._ui import address, heads_gold, heads_map, heads_time, inspected, lab_models, network_choice, page, section, style
from pages._ui.asking import together
from ssl_core.i18n import _

_PLACE = "heads"


def show() -> None:
    """Lay the page out: a network, a guess, the map of its heads beside the dependencies they find, and depth below."""
    side = network_choice.one(inspected.available(), _PLACE)
    if side is None:
        lab_models.how_to_get_one()
        return
    model, step = side
    named = inspected.named(model, step)
    left, right = st.columns((1.15, 1.0), gap="medium")
    with left:
        key = heads_map.choose()
        asked = ("head_metrics", {"model": named, **inspected.texts(model)})
        together([asked], lambda answers: heads_map.show(answers[0], key, model), place="heads-map")
    with right:
        told = _("On stories whose grammar is known. Bar: the best head. Mark: the best baseline.")
        page.lead(_("Who finds what depends on what"), told)
        gold = ("head_dependencies", {"model": named})
        together([gold], lambda answers: heads_gold.show(answers[0], model), place="heads-gold")
    section.show(_("Heads through time"), heads_time.show, model, key, icon=":material/timeline:", key="heads-time")
    section.show(_("Show the numbers"), heads_map.numbers, asked, gold, icon=":material/table:", key="heads-numbers")
    section.show(_("Where these measures come from"), heads_map.sources, icon=":material/function:", key="heads-sources")
    section.notice_and_limits("heads", "heads")


page.header(_("Heads"), _("A head lets a token look at others. What is each one there for?"))
st.html(style.ASSETS / "heads.css")
page.shown(show, _("Back to the first example"))
address.send()
