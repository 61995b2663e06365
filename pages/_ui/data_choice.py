"""Which text the data page is about and which it is compared with: both in the URL; and their portraits, counted if need be."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages._ui import address, language, live_state, menu, page, text_choice
from ssl_core import corpora, pretext
from ssl_core.corpora import Card, hub
from ssl_core.i18n import _, current_language
from ssl_core.profile import kept
from ssl_core.profile.portrait import Portrait
from ssl_core.runs import presets

CORPUS, AGAINST = "corpus", "against"
DEFAULTS = {"en": ("bbc-news", "king-james"), "zh": ("peoples-daily", "chinese-reviews")}
BROUGHT = "data.brought"
"""Where the key of a text waits that was just brought, until the whole page runs again."""

TICK_S = 1.0


def show() -> tuple[Card, Card]:
    """Show the two choices and the way to a run; return the cards of the two texts."""
    cards = {each.key: each for each in corpora.cards()}
    if (brought := st.session_state.pop(BROUGHT, None)) is not None:
        address.put(CORPUS, brought)
    first = _settle(CORPUS, cards, DEFAULTS[current_language()][0])
    language_of_first = cards[first].language
    others = {key: each for key, each in cards.items() if key != first and each.language == language_of_first} or cards
    usual = next((key for key in DEFAULTS[language_of_first] if key in others), next(iter(others)))
    left, middle, right = st.columns([1.25, 1.25, 1.0], vertical_alignment="bottom")
    with left:
        _choice(_("Text"), CORPUS, cards, first)
    with middle:
        second = _settle(AGAINST, others, usual)
        _choice(_("Compared with"), AGAINST, others, second)
    with right:
        st.button(
            _("Use it for a run"), icon=":material/play_arrow:", type="primary", width="stretch", key="data.use",
            on_click=_set_up, args=(cards,),
        )  # fmt: skip
    if st.session_state.pop("data.leaves", False):
        menu.go("live", run="")
    return cards[first], cards[second]


def portrait(card: Card) -> Portrait | None:
    """Return the portrait of a text, or show in its place that it is being counted.

    Raises: UserError if the text can't be read.
    """
    found = kept.found(card.key)
    if found is None:
        _wait(card.key)
    return found


@language.fragment(run_every=TICK_S)
def _wait(key: str) -> None:
    """Hold the place while a process of its own fetches and counts; go on as soon as it is done."""
    if kept.found(key) is not None:
        st.rerun(scope="app")
    if key.startswith(hub.PREFIX) and not hub.is_kept(key) and key not in _counting():
        st.markdown(_("This text lies on the hub. It is fetched once, and then stays on this machine."))
        if not st.button(_("Fetch it now"), icon=":material/download:", key=f"data.fetch.{key}"):
            _say_failure(key)
            return
    process = _counting().get(key)
    if process is None:
        process = _counting()[key] = kept.start(key)
    with st.container(key="data-waiting", border=True):
        if process.poll() is None:
            st.markdown(_("Counting the words. This is done once for each text and takes some seconds."))
        elif process.returncode:
            _say_failure(key)


def _say_failure(key: str) -> None:
    reason = kept.failure(key)
    if reason is not None:
        page.message(reason)
        st.button(
            _("Try again"), icon=":material/refresh:", on_click=_counting().pop, args=(key, None), key=f"data.again.{key}"
        )


@st.cache_resource(show_spinner=False)
def _counting() -> dict[str, Any]:
    """Return the processes that count for this server, by text."""
    return {}


def _settle(name: str, cards: Mapping[str, Card], usual: str) -> str:
    asked = st.query_params.get(name, "")
    return asked if asked in cards else usual


def _choice(label: str, name: str, cards: Mapping[str, Card], chosen: str) -> None:
    key = f"data.{name}"
    st.session_state[key] = chosen
    st.selectbox(
        label,
        list(cards),
        format_func=lambda each: text_choice.title(cards[each]),
        key=key,
        on_change=address.take,
        args=(name, key),
    )


def _set_up(cards: Mapping[str, Card]) -> None:
    """Set a run up with the text that is chosen now: a press may come before the page has run with the last choice."""
    card = cards[st.session_state[f"data.{CORPUS}"]]
    task = st.session_state.get(live_state.TASK) or pretext.MENU[0]
    live_state.set_up(presets.recipe(task, card.key, card.language))
    st.session_state["data.leaves"] = True
