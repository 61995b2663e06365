"""What the models that come with the app make of a few sentences: guess first, then press a sentence and see."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

import streamlit as st
from babel.numbers import format_compact_decimal

from pages._ui import menu, page, probe_bars
from ssl_core import pretext, shelf
from ssl_core.i18n import _, current_language

NUM_BARS, NUM_COLUMNS, BLANK = 5, 3, "___"


def show() -> None:
    """Show each shelf model of the page's language on its sentences, and the ways to ask it oneself."""
    cards = [each for each in shelf.cards() if each.language == current_language()]
    if not cards:
        return
    for card in cards:
        is_asked_words = pretext.task(card.spec["task"]).PROBE == "fill"
        title = _("Which word fits?") if is_asked_words else _("How does it continue?")
        page.lead(title, _told(card))
        st.html(f'<div class="shelf-samples">{"".join(_boxes(card))}</div>')
        with st.container(horizontal=True, key=f"shelf-ways-{card.name}"):
            if is_asked_words:
                menu.link("masking_lab", _("Hide a word of your own text"), corpus=card.spec["corpus"])
            menu.link("attention", _("Look into this model"), model=shelf.key(card.name))


def _told(card: shelf.Card) -> str:
    return _(
        "Guess, then press a sentence. A small model answers ({title}): {parameters} weights, taught by {tokens} tokens in "
        "{steps} steps. It comes with the app."
    ).format(title=_(card.title), parameters=_large(card.parameters), tokens=_large(card.tokens), steps=f"{card.steps:,}")


def _large(number: int) -> str:
    locale, form = ("zh_Hans_CN", "short") if current_language() == "zh" else ("en", "long")  # "370.5万", "3.7 million"
    return str(format_compact_decimal(number, format_type=form, locale=locale, fraction_digits=1))


def _boxes(card: shelf.Card) -> Iterator[str]:
    """Give the boxes column by column: one that opens pushes down only those below it."""
    boxes = list(_each_box(card))
    for column in range(NUM_COLUMNS):
        yield f"<div>{''.join(boxes[column::NUM_COLUMNS])}</div>"


def _each_box(card: shelf.Card) -> Iterator[str]:
    for number, sample in enumerate(card.samples):
        if sample["kind"] == "fill":
            question, answer = _with_blank(sample["text"]), _bars(sample["blanks"][0]["top"])
        else:
            question, answer = f"{escape(sample['prompt'])} <b>…</b>", _continued(sample)
        yield f'<details{"" if number else " open"}><summary dir="auto">{question}</summary>{answer}</details>'


def _with_blank(text: str) -> str:
    before, _blank, after = text.partition(BLANK)
    return f"{escape(before)}<b>▢</b>{escape(after)}"


def _bars(top: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f'<li><i style="width:{100 * each["probability"]:.1f}%"></i><bdi>{escape(probe_bars.shown(each["token"]))}</bdi>'
        f"<span>{probe_bars.percent(each['probability'])}</span></li>"
        for each in top[:NUM_BARS]
    )
    return f'<ol aria-label="{escape(_("What the model expects"))}">{rows}</ol>'


def _continued(sample: Mapping[str, Any]) -> str:
    written = sample["text"].removeprefix(sample["prompt"])
    return f'<p dir="auto">{escape(sample["prompt"])}<b>{escape(written)}</b></p>'
