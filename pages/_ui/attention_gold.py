"""The true arcs of a text, where it is a story of TinyWorld: to be drawn over what heads look at."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from ssl_core.corpora.base import language_of
from ssl_core.corpora.tinyworld import dependencies, lexicon, parser
from ssl_core.errors import UserError
from ssl_core.i18n import current_language


def arcs(text: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return which word depends on which, by their numbers in the answer's words; none where the text is no such story.

    A network that looks back only can see the earlier word from the later one alone: there an arc is turned that way.
    """
    found, num_words = _found(text, language_of(text))
    if num_words != 1 + max((each for each in values["words"] if each is not None), default=-1):
        return []  # this network cuts words otherwise than the grammar does
    shown = []
    for titles, dependent, governor in found:
        if values["looks_back"] and governor > dependent:
            dependent, governor = governor, dependent
        shown.append({"from": dependent, "to": governor, "name": titles.get(current_language()) or titles["en"]})
    return shown


@st.cache_data(max_entries=64, show_spinner=False)
def _found(text: str, language: str) -> tuple[list[tuple[dict[str, str], int, int]], int]:
    grammar = lexicon.grammar(language)
    try:
        story = parser.parse(grammar, text)
    except UserError:
        return [], 0
    titles = {key: dict(each.titles) for key, each in grammar.dependencies.items()}
    found = [(titles[each.dependency], each.dependent_position, each.governor_position) for each in dependencies.arcs(story)]
    return found, len(story.tokens)
