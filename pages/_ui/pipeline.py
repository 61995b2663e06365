"""The way from text to a useful model, drawn: each part is a link that opens what it is."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from pages._ui import address, menu, page, style
from ssl_core.i18n import N_, _

PARAMETER = "part"
TEXT, TOKENS = N_("the film was wonderful"), N_("the|film|was|wonder|ful")
HIDDEN = (1, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the way; ``stem`` names its prose and its place in the URL, ``page`` where to see it at work."""

    stem: str
    title: str
    caption: str
    page: str = "live"


PARTS = (
    Part(stem="text", title=N_("Text"), caption=N_("that nobody labelled")),
    Part(stem="tokens", title=N_("Tokens"), caption=N_("the text in pieces")),
    Part(stem="task", title=N_("Pretext task"), caption=N_("some are hidden")),
    Part(stem="model", title=N_("Model"), caption=N_("guesses them")),
    Part(stem="loss", title=N_("Loss"), caption=N_("the model is less and less surprised")),
    Part(stem="representation", title=N_("Representation"), caption=N_("the text as numbers")),
    Part(stem="downstream", title=N_("Downstream task"), caption=N_("learned from few labels")),
)


def show() -> None:
    """Draw the way, and below it the part that the URL asks for."""
    st.html(style.ASSETS / "welcome.css")
    address.send()
    opened = next((part for part in PARTS if part.stem == st.query_params.get(PARAMETER)), None)
    with st.container(key="pipeline"):
        for part in PARTS:
            with st.container(key=f"part-{part.stem}{'-open' if part is opened else ''}", gap=None):
                st.html(f'<div class="art art-{part.stem}" aria-hidden="true">{_art(part.stem)}</div>')
                menu.link("welcome", _(part.title), icon="", **{PARAMETER: "" if part is opened else part.stem})
                st.html(f'<p class="caption">{escape(_(part.caption))}</p>')
    if opened is not None:
        with st.container(key="part-explained", border=True):
            st.markdown(page.prose(f"welcome-{opened.stem}"))
            with st.container(horizontal=True):
                menu.link(opened.page, _("See it at work"), icon=":material/arrow_forward:")
                menu.link("welcome", _("Close"), icon=":material/close:", **{PARAMETER: ""})


def _art(stem: str) -> str:
    """Return the small picture of a part, as HTML."""
    tokens = _(TOKENS).split("|")
    if stem == "text":
        return f"<q>{escape(_(TEXT))}</q>"
    if stem == "tokens":
        return "".join(f"<b>{escape(token)}</b>" for token in tokens)
    if stem == "task":
        return "".join('<b class="hidden">▢</b>' if i in HIDDEN else f"<b>{escape(each)}</b>" for i, each in enumerate(tokens))
    if stem == "downstream":
        return f"<b>{escape(_('film'))} <i>✓</i></b>"
    return "<i></i>" * 4
