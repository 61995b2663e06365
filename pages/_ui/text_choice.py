"""Which text the model learns from: the house's own, or a file of the learner's, looked at before it is kept."""

import streamlit as st

from pages._ui import live_state, page, run_reading, run_words, text_upload
from ssl_core.corpora import Card, languages, uploads
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.runs.record import FINISHED

_FILE, _DELETE = "live.upload", "live.upload_delete"
IN_USE = N_("A run that has not ended learns from it. Stop that run first.")


def show() -> None:
    """Show the texts to choose from, what is known of the chosen one, and the way to add a file."""
    cards = live_state.texts()
    left, right = st.columns(2, gap="medium")
    with left:
        chosen = st.selectbox(_("Text"), list(cards), format_func=lambda key: title(cards[key]), key=live_state.CORPUS)
        _describe(cards[chosen])
        if uploads.KEY.fullmatch(chosen):
            _offer_to_delete(cards[chosen])
    with right:
        text_upload.show(_FILE, _("Learn from this text"), _take)


def title(card: Card) -> str:
    """Return a text's name with its language."""
    return f"{_(card.title)} · {languages.name_of(card.language, card.is_other_language)}"


def _describe(card: Card) -> None:
    st.text(_(card.description))
    st.text(_("Not so good: {flaws}").format(flaws=_(card.flaws)))
    st.text(_("Source: {source} Licence: {licence}").format(source=_(card.source), licence=_(card.licence)))


def _offer_to_delete(card: Card) -> None:
    """Offer to remove a text of the learner's own; a second press makes sure that it is meant."""
    with st.popover(_("Delete this text"), icon=":material/delete:", key=_DELETE):
        st.text(card.title)
        states = _states_of_runs(card.key)
        if not FINISHED.issuperset(states):
            st.markdown(_(IN_USE))
            return
        st.markdown(_("The text is removed for good."))
        if states:
            kept = _("Runs that learned from it: {count}. They stay, with their curves and models, but can't be started again.")
            st.markdown(kept.format(count=len(states)))
        st.button(_("Delete it for good"), key=f"{_DELETE}.sure", type="primary", on_click=_delete, args=(card.key,))
    if failure := st.session_state.pop(f"{_DELETE}.failure", None):
        page.message(failure)


def _states_of_runs(key: str) -> list[str]:
    """Return the states of all runs on a text, as they are now."""
    return [row["status"] for row in run_reading.store().rows() if run_words.spec(row).get("corpus") == key]


def _delete(key: str) -> None:
    try:
        if not FINISHED.issuperset(_states_of_runs(key)):
            raise UserError(IN_USE)
        uploads.delete(key)
    except UserError as error:
        st.session_state[f"{_DELETE}.failure"] = error


def _take(key: str) -> None:
    st.session_state[live_state.CORPUS] = key
