"""Which text the model learns from: the house's own, or a file of the learner's, looked at before it is kept."""

import streamlit as st

from pages._ui import live_state, page, run_reading, run_words
from ssl_core.corpora import Card, formats, uploads
from ssl_core.errors import UserError
from ssl_core.i18n import LANGUAGES, N_, _
from ssl_core.runs.record import FINISHED

_FILE, _COLUMN, _DELETE = "live.upload", "live.upload_column", "live.upload_delete"
MAX_ROW_CHARACTERS = 160
IN_USE = N_("A run that has not ended learns from it. Stop that run first.")
_BUTTON, _NAMED = ".st-key-live-upload section button p", 'content: "{}"; font-size: 0.875rem;'  # Streamlit's says Upload


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
        _upload()


def title(card: Card) -> str:
    """Return a text's name with its language."""
    return f"{_(card.title)} · {LANGUAGES.get(card.language, card.language)}"


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


def _upload() -> None:
    kinds = ", ".join(f".{kind}" for kind in formats.KINDS)
    file = st.file_uploader(
        _("Your own text ({kinds}, up to {limit} MB)").format(kinds=kinds, limit=uploads.MAX_BYTES // 2**20),
        type=list(formats.KINDS),
        max_upload_size=uploads.MAX_BYTES // 2**20,
        key=_FILE,
    )
    st.html(f"<style>{_BUTTON} {{ font-size: 0; }} {_BUTTON}::after {{ {_NAMED.format(_('Choose a file'))} }}</style>")
    if file is None:
        return
    data = file.getvalue()
    try:
        first = _preview(file.name, data, st.session_state.get(_COLUMN))
    except UserError as error:
        page.message(error)
        return
    if len(first.columns) > 1:
        st.selectbox(_("Column with the text"), first.columns, index=first.columns.index(first.text_column or ""), key=_COLUMN)
    facts = _("{num_documents} documents, {num_words} words, {language}, {encoding}.")
    st.text(
        facts.format(
            num_documents=f"{first.num_documents:,}",
            num_words=f"{first.num_words:,}",
            language=LANGUAGES.get(first.language, first.language),
            encoding=first.encoding,
        )
    )
    with st.container(height=150, key="live-upload-preview"):
        for row in first.rows:
            st.text(row if len(row) <= MAX_ROW_CHARACTERS else f"{row[:MAX_ROW_CHARACTERS]}…")
    st.button(_("Learn from this text"), icon=":material/check:", on_click=_keep, args=(file.name, data, first.text_column))
    if failure := st.session_state.pop(f"{_FILE}.failure", None):
        page.message(failure)


@st.cache_data(max_entries=4, show_spinner=False)
def _preview(filename: str, data: bytes, text_column: str | None) -> uploads.Preview:
    return uploads.preview(filename, data, text_column)


def _keep(filename: str, data: bytes, text_column: str | None) -> None:
    try:
        st.session_state[live_state.CORPUS] = uploads.keep(filename, data, text_column)
    except UserError as error:
        st.session_state[f"{_FILE}.failure"] = error
