"""The words that set two texts apart, as bars on both sides."""

from html import escape

import streamlit as st

from pages._ui import page, plain_table, section, style
from ssl_core.i18n import _
from ssl_core.profile.log_odds import Apart, log_odds
from ssl_core.profile.portrait import Portrait

NUM_WORDS, NUM_ROWS = 10, 20
NUM_COMMONEST = 100
COMMON = "data.common"


def show(title: str, other_title: str, portrait: Portrait, other: Portrait) -> None:
    """Show the words that belong most clearly to each of the two texts."""
    with st.container(key="data-apart-head", horizontal=True, vertical_alignment="center"):
        page.note(_("Words that set the two apart: the longer the bar, the surer the difference."))
        with_common = st.toggle(_("include the {count} most frequent words").format(count=NUM_COMMONEST), key=COMMON)
    here, there = (words[:NUM_WORDS] for words in _apart(portrait, other, with_common))
    most = max((abs(each.z) for each in [*here, *there]), default=1.0) or 1.0
    st.html(f'<div class="data-apart">{_side(title, here, most, 0)}{_side(other_title, there, most, 1)}</div>')


def numbers(title: str, other_title: str, portrait: Portrait, other: Portrait, key: str) -> None:
    """Offer the same words as a table, with counts and standard deviations."""
    section.show(_("Show the numbers behind the bars"), _table, title, other_title, portrait, other, key=key)


def _table(title: str, other_title: str, portrait: Portrait, other: Portrait) -> None:
    here, there = _apart(portrait, other, False)
    plain_table.show(
        [
            {_("word"): each.word, f"{title} ": f"{each.here:,}", f"{other_title}  ": f"{each.there:,}", "z": f"{each.z:+.1f}"}
            for each in [*here, *reversed(there)]
        ]
    )
    st.markdown(page.prose("data-log-odds"))


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Portrait: lambda each: (each.key, each.num_words)})
def _apart(portrait: Portrait, other: Portrait, with_common: bool) -> tuple[list[Apart], list[Apart]]:
    """Return the words that belong most clearly to the first text, and those that belong to the other."""
    common = {word for each in (portrait, other) for word, _count in each.listed[:NUM_COMMONEST]} if not with_common else set()
    found = log_odds(dict(portrait.listed), dict(other.listed), num_here=portrait.num_words, num_there=other.num_words)
    words = [each for each in found if each.word not in common]
    return [each for each in words[:NUM_ROWS] if each.z > 0], [each for each in words[: -NUM_ROWS - 1 : -1] if each.z < 0]


def _side(title: str, words: list[Apart], most: float, place: int) -> str:
    counted = _("how often in the first text : in the second")
    items = "".join(
        f'<li><span>{escape(each.word)}</span><i style="width:{100 * abs(each.z) / most:.1f}%"></i>'
        f'<small title="{escape(counted)}">{each.here:,} : {each.there:,}</small></li>'
        for each in words
    )
    caption = escape(_("in {title}").format(title=title))
    return f'<div style="--bar:{style.colour(place)}"><h3>{caption}</h3><ol>{items or "<li>–</li>"}</ol></div>'
