"""Zipf's law, drawn: how often the words of one or two texts occur, by rank. Data for assets/components/rank_chart.js."""

from collections.abc import Sequence
from typing import Any

from pages._ui import page, plain_table, section, style
from pages._ui.components import component
from ssl_core.i18n import _
from ssl_core.profile.portrait import Portrait

HEIGHT_PX = 330
MILLION = 1_000_000
NUM_ROWS = 12


def show(portraits: Sequence[tuple[str, Portrait]], key: str, *, height: int = HEIGHT_PX) -> None:
    """Show the first text's words as dots, those of the second, if there is one, as rings; each comes with its title."""
    component("rank_chart", "loss_chart_parts", "read_by_keys")(key=key, data=figure(portraits, height=height), height=height)
    first = portraits[0][1]
    if first.zipf is not None:
        line = _("Dashed: the line fitted from rank {first} to {last}, and its slope. Zipf's law says about −1.")
        page.note(line.format(first=f"{first.zipf.first_rank:,}", last=f"{first.zipf.last_rank:,}"))


def figure(portraits: Sequence[tuple[str, Portrait]], *, height: int = HEIGHT_PX) -> dict[str, Any]:
    """Return what the chart is drawn from: frequencies in a million words, so that texts of any size lie side by side."""
    return {
        "height": height,
        "x": _("rank of the word (1 = the most frequent)"),
        "y": _("times in a million words"),
        "summary": " ".join(summary(title, portrait) for title, portrait in portraits),
        "texts": [
            {
                "name": _name(title, portrait),
                "colour": style.colour(place),
                "isOther": place > 0,
                "points": _points(portrait),
                "line": _line(portrait),
            }
            for place, (title, portrait) in enumerate(portraits)
            if portrait.drawn
        ],
    }


def summary(title: str, portrait: Portrait) -> str:
    """Say in words what the chart shows of a text."""
    if not portrait.drawn:
        return _("{title} has no words to count.").format(title=title)
    first = portrait.drawn[0]
    said = _("{title}: the most frequent word, {word}, makes up {share:.1%} of the text.").format(
        title=title, word=first[2], share=first[1] / portrait.num_words
    )
    if portrait.zipf is None:
        return said
    slope = _("The fitted line falls with an exponent of {exponent:.2f}; Zipf's law says about 1.")
    return f"{said} {slope.format(exponent=portrait.zipf.exponent)}"


def numbers(portrait: Portrait, key: str) -> None:
    """Offer a dozen of the points as a table."""
    section.show(_("Show the numbers"), _table, portrait, key=key)


def _table(portrait: Portrait) -> None:
    chosen = portrait.drawn[:: max(1, len(portrait.drawn) // NUM_ROWS)]
    plain_table.show(
        [
            {
                _("rank"): f"{rank:,}",
                _("word"): word,
                _("times"): f"{count:,}",
                _("times in a million words"): _short(MILLION * count / portrait.num_words),
                _("the line says"): f"{portrait.zipf.count(rank):,.0f}" if portrait.zipf else "–",
            }
            for rank, count, word in chosen
        ]
    )


def _name(title: str, portrait: Portrait) -> str:
    return f"{title} (−{portrait.zipf.exponent:.2f})" if portrait.zipf else title


def _points(portrait: Portrait) -> list[dict[str, Any]]:
    return [
        {
            "rank": rank,
            "share": float(f"{MILLION * count / portrait.num_words:.5g}"),
            "word": word,
            "words": _("rank {rank}: {count} times").format(rank=f"{rank:,}", count=f"{count:,}"),
        }
        for rank, count, word in portrait.drawn
    ]


def _line(portrait: Portrait) -> list[dict[str, float]] | None:
    if portrait.zipf is None:
        return None
    ends = (1, portrait.drawn[-1][0])  # as far as the words go, so that one sees where they leave it
    return [{"rank": rank, "share": MILLION * portrait.zipf.count(rank) / portrait.num_words} for rank in ends]


def _short(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"
