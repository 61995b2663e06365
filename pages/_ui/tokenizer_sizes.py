"""Vocabulary size against sequence length and bits per byte, for every kind. Data for assets/components/size_chart.js."""

from subprocess import Popen
from typing import Any

import streamlit as st

from pages._ui import language, page, plain_table, section, style, tokenizer_state
from pages._ui.components import component
from ssl_core.corpora import Card
from ssl_core.i18n import _
from ssl_core.tokenization import size_curves
from ssl_core.tokenization.config import KINDS
from ssl_core.tokenization.size_curves import SizeCurves
from ssl_core.tokenization.statistics import SIZES, Statistics

HEIGHT_PX = 300
TICK_S = 1.0
DASHES = ("", "10 5", "2 6", "14 5 2 5", "5 3")


def show(corpus_key: str, card: Card) -> None:
    """Show the curves that are there; measure the others in a process of its own."""
    found = size_curves.found(corpus_key)
    if found is None or not found.is_complete:
        _measure(corpus_key, found)
    if found is not None:
        _charts(found, corpus_key)
        said = _(
            "Learned from 400,000 characters of “{title}”, measured on 60,000 others. A larger vocabulary makes shorter "
            "sequences; bits per byte are those of a model that knows only how frequent each token is."
        )
        page.note(said.format(title=_(card.title)))
        section.show(_("Show the numbers behind the curves"), _table, found, key=f"tokenizers-sizes-{corpus_key}")


def figure(found: SizeCurves, measure: str, title: str) -> dict[str, Any]:
    """Return what one chart is drawn from."""
    curves = [
        {
            "name": _(tokenizer_state.SHORT[kind]),
            "colour": style.colour(place),
            "dash": DASHES[place],
            "points": [[each.vocabulary_size, round(_value(each, measure), 4)] for each in found.by_kind[kind]],
        }
        for place, kind in enumerate(KINDS)
        if found.by_kind.get(kind)
    ]
    return {
        "height": HEIGHT_PX,
        "curves": curves,
        "sizes": list(SIZES),
        "mark": tokenizer_state.size(),
        "x": _("vocabulary (tokens)"),
        "y": title,
        "summary": " ".join(_summary(each, title) for each in curves),
    }


def _charts(found: SizeCurves, corpus_key: str) -> None:
    measures = {"tokens_per_word": _("tokens a word"), "bits_per_byte": _("bits per byte")}
    for column, (measure, title) in zip(st.columns(2, gap="medium"), measures.items(), strict=True):
        with column:
            component("size_chart", "loss_chart_parts")(
                key=f"tokenizers.{measure}.{corpus_key}", data=figure(found, measure, title), height=HEIGHT_PX
            )


def _value(each: Statistics, measure: str) -> float:
    return float(getattr(each, measure))


def _summary(curve: dict[str, Any], title: str) -> str:
    (first, start), (last, end) = curve["points"][0], curve["points"][-1]
    return _("{name}: {start:.3g} {title} with {first} tokens, {end:.3g} with {last}.").format(
        name=curve["name"], start=start, title=title, first=f"{first:,}", end=end, last=f"{last:,}"
    )


def _table(found: SizeCurves) -> None:
    plain_table.show(
        [
            {
                _("kind"): _(tokenizer_state.SHORT[kind]),
                _("vocabulary (tokens)"): f"{each.vocabulary_size:,}",
                _("tokens a word"): f"{each.tokens_per_word:.2f}",
                _("bytes a token"): f"{each.bytes_per_token:.2f}",
                _("bits per byte"): f"{each.bits_per_byte:.2f}",
                "[UNK]": f"{each.unknown_rate:.1%}",
                _("longest tokens"): " ".join(each.longest[:3]),
            }
            for kind in KINDS
            for each in found.by_kind.get(kind, ())
        ]
    )


def _measure(key: str, found: SizeCurves | None) -> None:
    language.fragment(run_every=TICK_S)(_wait)(key, 0 if found is None else len(found.by_kind))


def _wait(key: str, num_known: int) -> None:
    process = _measuring().get(key)
    if process is None:
        process = _measuring()[key] = size_curves.start(key)
    now = size_curves.found(key)
    if now is not None and (now.is_complete or len(now.by_kind) > num_known):
        st.rerun(scope="app")
    if process.poll() is None:
        share = 0 if now is None else len(now.by_kind)
        st.progress(
            share / len(KINDS), _("Learning {count} kinds in eight sizes each; this is done once.").format(count=len(KINDS))
        )
    elif process.returncode:
        page.note(_("The sizes could not be measured on this text. Choose another."))


@st.cache_resource(show_spinner=False)
def _measuring() -> dict[str, "Popen[bytes]"]:
    """Return the processes that measure for this server, by text."""
    return {}
