"""Depth below the charts: reading, searching, lengths, what is said twice, a text of one's own, what to notice."""

import re
from html import escape

import streamlit as st

from pages._ui import data_choice, page, plain_table, rank_chart, section, text_upload
from ssl_core import corpora
from ssl_core.corpora import Card
from ssl_core.i18n import _
from ssl_core.profile.portrait import Lengths, Portrait
from ssl_core.profile.search import Found, Hit, search

MAX_SEARCH_CHARACTERS = 100
NUM_SAMPLES, SAMPLE_CHARACTERS = 3, 420
_BLANK_LINES = re.compile(r"\n{2,}")


def sections(card: Card, portrait: Portrait) -> None:
    """Show what there is to see beyond the first screen."""
    key = f"data-{card.key}"
    section.show(_("Read some of it"), _read, portrait, icon=":material/menu_book:", is_open=True, key=f"{key}-read")
    section.show(_("Search in it"), _search, card, icon=":material/search:", key=f"{key}-search")
    section.show(_("How long its documents are"), _lengths, portrait.lengths, icon=":material/bar_chart:", key=f"{key}-lengths")
    section.show(_("What it says more than once"), _repeats, portrait, icon=":material/content_copy:", key=f"{key}-repeats")
    section.show(_("Where it comes from"), _source, card, icon=":material/license:", key=f"{key}-source")
    section.show(_("Bring a text of your own"), _bring, icon=":material/upload_file:", key="data-own")
    section.show(_("What to notice"), _notice, icon=":material/visibility:", key="data-notice")
    rank_chart.numbers(portrait, key=f"{key}-numbers")


def _read(portrait: Portrait) -> None:
    if portrait.is_partial:
        page.note(_("This text is too large to count whole: figures and samples are of its first two million characters."))
    for sample in portrait.samples[:: max(1, len(portrait.samples) // NUM_SAMPLES)][:NUM_SAMPLES]:
        label = f" · {sample.label}" if sample.label else ""
        is_whole = sample.is_whole and len(sample.text) <= SAMPLE_CHARACTERS
        text = escape(_BLANK_LINES.sub("\n", sample.text[:SAMPLE_CHARACTERS])) + ("" if is_whole else " …")
        st.html(f'<article class="data-sample"><h3>{escape(sample.id)}{escape(label)}</h3><p>{text}</p></article>')


def _search(card: Card) -> None:
    wanted = st.text_input(
        _("Words to find"), key=f"data.search.{card.key}", max_chars=MAX_SEARCH_CHARACTERS, icon=":material/search:",
        placeholder=_("A word or a phrase"),
    )  # fmt: skip
    if not wanted.strip():
        return
    with st.spinner(_("Reading the text")):
        found = _found(card.key, wanted)
    if not found.num_hits:
        st.text(_("“{wanted}” does not occur in this text.").format(wanted=wanted.strip()))
        return
    said = _("{num_hits} times, in {num_documents} documents. Those shown are the first of their document.")
    st.text(said.format(num_hits=f"{found.num_hits:,}", num_documents=f"{found.num_documents:,}"))
    st.html(f'<ol class="data-hits">{"".join(map(_hit, found.hits))}</ol>')


@st.cache_data(max_entries=64, show_spinner=False)
def _found(key: str, wanted: str) -> Found:
    return search(corpora.load(key).documents(), wanted)


def _hit(hit: Hit) -> str:
    where = f"{hit.document} · {hit.label}" if hit.label else hit.document
    words = f"{escape(hit.before)}<mark>{escape(hit.found)}</mark>{escape(hit.after)}"
    return f"<li><small>{escape(where)}</small><p>{words}</p></li>"


def _lengths(lengths: Lengths) -> None:
    said = _("Half of the documents have up to {median} words; the longest has {longest}.")
    st.text(said.format(median=f"{lengths.median:,.0f}", longest=f"{lengths.longest:,}"))
    most = max(lengths.counts) or 1
    bars = "".join(
        f'<i style="height:{100 * count / most:.1f}%" title="{low:,}–{high - 1:,}: {count:,}"></i>'
        for low, high, count in zip(lengths.edges, lengths.edges[1:], lengths.counts, strict=False)
    )
    middle = lengths.edges[len(lengths.edges) // 2]
    axis = f"<span>0</span><span>{middle:,}</span><span>{_('{count} or more').format(count=f'{lengths.edges[-2]:,}')}</span>"
    label = escape(_("Documents by length in words; the highest bar stands for {count}.").format(count=f"{most:,}"))
    title = escape(_("words in a document"))
    st.html(
        f'<figure class="data-lengths"><div role="img" aria-label="{label}">{bars}</div>'
        f"<p>{axis}</p><figcaption>{title}</figcaption></figure>"
    )
    plain_table.show(
        [
            {_("words in a document"): f"{low:,} – {high - 1:,}", _("documents"): f"{count:,}"}
            for low, high, count in zip(lengths.edges, lengths.edges[1:], lengths.counts, strict=False)
            if count
        ]
    )


def _repeats(portrait: Portrait) -> None:
    repeated = portrait.repeated
    said = _("Of {count} sentences, {rate} say word for word what another one said before.")
    st.text(said.format(count=f"{repeated.num_sentences:,}", rate=f"{repeated.rate:.1%}"))
    if repeated.most:
        plain_table.show([{_("sentence"): sentence, _("times"): f"{count:,}"} for sentence, count in repeated.most])
    st.markdown(page.prose("data-repeats"))


def _source(card: Card) -> None:
    st.text(_(card.source))
    st.text(_("Licence: {licence}").format(licence=_(card.licence)))


def _bring() -> None:
    if data_choice.BROUGHT in st.session_state:
        st.rerun(scope="app")
    text_upload.show("data.upload", _("Keep it and look at it"), _look_at)
    st.caption(_("It stays on this machine. Nothing is kept before you say so."))


def _look_at(key: str) -> None:
    st.session_state[data_choice.BROUGHT] = key


def _notice() -> None:
    st.markdown(page.prose("data-notice"))
