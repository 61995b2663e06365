"""A text of the learner's own: looked at before it is kept."""

from collections.abc import Callable

import streamlit as st

from pages._ui import page
from ssl_core.corpora import formats, languages, uploads
from ssl_core.errors import UserError
from ssl_core.i18n import _

MAX_ROW_CHARACTERS = 160
PREVIEW_PX = 150


def show(key: str, action: str, take: Callable[[str], None]) -> None:
    """Take a file, show what it would become, and give the kept text's key to ``take`` once the learner says ``action``.

    Widgets are called ``key``, ``key_column``; both words are translated already.
    """
    kinds = ", ".join(f".{kind}" for kind in formats.KINDS)
    file = st.file_uploader(
        _("Your own text ({kinds}, up to {limit} MB)").format(kinds=kinds, limit=uploads.MAX_BYTES // 2**20),
        type=list(formats.KINDS),
        max_upload_size=uploads.MAX_BYTES // 2**20,
        key=key,
    )
    button = f".st-key-{key.replace('.', '-')} section button p"  # Streamlit's own says Upload, in English only
    named = f'{button} {{ font-size: 0; }} {button}::after {{ content: "{_("Choose a file")}"; font-size: 0.875rem; }}'
    st.html(f"<style>{named}</style>")
    if file is None:
        return
    column, data = f"{key}_column", file.getvalue()
    try:
        first = _preview(file.name, data, st.session_state.get(column))
    except UserError as error:
        page.message(error)
        return
    if len(first.columns) > 1:
        st.selectbox(_("Column with the text"), first.columns, index=first.columns.index(first.text_column or ""), key=column)
    st.text(_facts(first))
    with st.container(height=PREVIEW_PX, key=f"{key.replace('.', '-')}-preview"):
        for row in first.rows:
            st.text(row if len(row) <= MAX_ROW_CHARACTERS else f"{row[:MAX_ROW_CHARACTERS]}…")
    st.button(action, icon=":material/check:", on_click=_keep, args=(key, file.name, data, take))
    if failure := st.session_state.pop(f"{key}.failure", None):
        page.message(failure)


def _facts(first: uploads.Preview) -> str:
    return _("{num_documents} documents, {num_words} words, {language}, {encoding}.").format(
        num_documents=f"{first.num_documents:,}",
        num_words=f"{first.num_words:,}",
        language=languages.name_of(first.language, first.is_other_language),
        encoding=first.encoding,
    )


@st.cache_data(max_entries=4, show_spinner=False)
def _preview(filename: str, data: bytes, text_column: str | None) -> uploads.Preview:
    return uploads.preview(filename, data, text_column)


def _keep(key: str, filename: str, data: bytes, take: Callable[[str], None]) -> None:
    try:
        take(uploads.keep(filename, data, st.session_state.get(f"{key}_column")))
    except UserError as error:
        st.session_state[f"{key}.failure"] = error
