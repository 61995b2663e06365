"""A text of the learner's own: looked at before it is kept, in a process of its own so that nobody else waits."""

import re
import time
from collections.abc import Callable
from typing import Any

import streamlit as st

from pages._ui import page, uploaded_files
from ssl_core.corpora import apart, formats, languages, uploads
from ssl_core.corpora.apart import Look
from ssl_core.errors import UserError
from ssl_core.i18n import _

MAX_ROW_CHARACTERS = 160
PREVIEW_PX = 150
TELL_S = 0.25
_UNNAMED = re.compile(r"column (\d+)")


class _TakenAway(Exception):  # noqa: N818 - nothing went wrong
    """The file that is being read is no longer wanted."""


def show(key: str, action: str, take: Callable[[str], None]) -> None:
    """Take a file, show what it would become, and give the kept text's key to ``take`` once the learner says ``action``.

    Widgets are called ``key``, ``key_column``; both words are translated already.
    """
    kinds = ", ".join(f".{kind}" for kind in formats.KINDS)
    limit = uploads.MAX_BYTES // 2**20
    file = st.file_uploader(
        _("Your own text ({kinds}, up to {limit} MB)").format(kinds=kinds, limit=limit),
        type=list(formats.KINDS),
        max_upload_size=limit,
        key=key,
    )
    _translate(
        key,
        _("Choose a file"),
        _("Only {kinds} up to {limit} MB; of a larger file, use a part.").format(kinds=kinds, limit=limit),
    )
    if file is None:
        st.session_state.pop(f"{key}.look", None)
        return
    uploaded_files.is_shown(file.file_id)
    column = f"{key}_column.{file.file_id}"
    try:
        look = _look(key, file, st.session_state.get(column))
    except _TakenAway:
        return
    if len(look.columns) > 1:
        place = look.columns.index(look.text_column) if look.text_column in look.columns else None
        st.selectbox(_("Column with the text"), look.columns, index=place, format_func=_head, key=column)
    if look.problem is not None:
        page.message(look.problem)
    if look.preview is not None:
        _show_preview(key, look.preview)
        st.button(action, icon=":material/check:", on_click=_keep, args=(key, file, look.text_column, take))
    if failure := st.session_state.pop(f"{key}.failure", None):
        page.message(failure)


def _translate(key: str, button: str, refusal: str) -> None:
    """Put our words in the place of Streamlit's own, which are English only: on the button, and at a file that is refused."""
    place = f".st-key-{key.replace('.', '-')}"
    on_button = f"{place} section button p"
    refused = f'{place}:has([data-testid="stFileChip"][aria-invalid="true"])::after'  # else told on touch alone
    rules = f'{on_button} {{ font-size: 0; }} {on_button}::after {{ content: "{button}"; font-size: 0.875rem; }}'
    looks = "display: block; padding: 0.5rem 0.75rem; border-left: 4px solid var(--pp-bad); font-size: 0.875rem;"
    rules += f'{refused} {{ content: "{refusal}"; {looks} }}'
    st.html(f"<style>{rules}</style>")


def _show_preview(key: str, preview: uploads.Preview) -> None:
    st.text(_facts(preview))
    with st.container(height=PREVIEW_PX, key=f"{key.replace('.', '-')}-preview"):
        for row in preview.rows:
            st.text(row if len(row) <= MAX_ROW_CHARACTERS else f"{row[:MAX_ROW_CHARACTERS]}…")


def _facts(first: uploads.Preview) -> str:
    return _("{num_documents} documents, {num_words} words, {language}, {encoding}.").format(
        num_documents=f"{first.num_documents:,}",
        num_words=f"{first.num_words:,}",
        language=languages.name_of(first.language, first.is_other_language),
        encoding=first.encoding,
    )


def _head(name: str) -> str:
    """Return a column's name; one that has none is called by its place, in the reader's language."""
    unnamed = _UNNAMED.fullmatch(name)
    return _("column {number}").format(number=unnamed[1]) if unnamed else name


def _look(key: str, file: Any, column: str | None) -> Look:
    """Return what a file would become; it is read once a file and column. Whoever leaves meanwhile ends the reading."""
    known: tuple[str, str | None, Look] | None = st.session_state.get(f"{key}.look")
    if known is not None and known[0] == file.file_id and column in (known[1], known[2].text_column):
        return known[2]
    place, began = st.empty(), time.monotonic()

    def tell() -> None:  # Streamlit ends a script at such a call, where its reader wants another page
        if uploaded_files.is_gone(file.file_id):
            raise _TakenAway
        if (seconds := time.monotonic() - began) > TELL_S:
            place.text(_("Reading the file: {seconds} s").format(seconds=f"{seconds:.0f}"))

    look = apart.look(file.name, file.getvalue(), column, tell)
    place.empty()
    st.session_state[f"{key}.look"] = (file.file_id, column, look)
    return look


def _keep(key: str, file: Any, column: str | None, take: Callable[[str], None]) -> None:
    try:
        take(apart.keep(file.name, file.getvalue(), column))
    except UserError as error:
        st.session_state[f"{key}.failure"] = error
