"""The card of a text: what it is, how large, under which licence, and what is wrong with it."""

from html import escape

import streamlit as st

from ssl_core.corpora import Card, languages
from ssl_core.i18n import _
from ssl_core.profile.portrait import Portrait

MAX_LABELS = 6


def show(card: Card, portrait: Portrait | None) -> None:
    """Show a card; what has to be counted is shown once it is."""
    facts = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in _facts(card, portrait))
    words = "".join(f"<p><b>{escape(title)}</b> {escape(text)}</p>" for title, text in _words(card))
    st.html(f'<section class="data-card"><p class="what">{escape(_(card.description))}</p><dl>{facts}</dl>{words}</section>')


def _facts(card: Card, portrait: Portrait | None) -> list[tuple[str, str]]:
    num_documents, num_words = card.num_documents, card.num_words
    if portrait is not None:
        num_documents, num_words = portrait.num_documents, portrait.num_words
    facts = [
        (_("Language"), languages.name_of(card.language, card.is_other_language)),
        (_("Documents"), _number(num_documents)),
        (_("Words"), _number(num_words)),
    ]
    if portrait is not None:
        facts += [
            (_("Distinct words"), _number(portrait.num_different)),
            (_("of these, seen once"), f"{portrait.num_once / max(1, portrait.num_different):.0%}"),
        ]
        facts.append((_("Licence"), _(card.licence)))
        if portrait.labels:
            names = [f"{name} {count:,}" for name, count in portrait.labels[:MAX_LABELS]]
            facts.append((_("Labels"), ", ".join([*names, *(["…"] if len(portrait.labels) > MAX_LABELS else [])])))
    return facts


def _words(card: Card) -> list[tuple[str, str]]:
    return [(_("Known flaws."), _(card.flaws))]


def _number(value: int) -> str:
    return f"{value:,}" if value else "…"
