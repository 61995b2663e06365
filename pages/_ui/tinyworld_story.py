"""The story on the TinyWorld page: its words to click on, how surprising each is, and which depend on which."""

from typing import Any

import numpy as np
import streamlit as st

from pages._ui import address, style, tinyworld_view
from pages._ui.components import component
from pages._ui.tinyworld_view import View
from ssl_core.corpora.tinyworld import dependencies, story_readers
from ssl_core.corpora.tinyworld.writing import JOINED
from ssl_core.i18n import _, current_language

KEY = "tinyworld.story"
HEIGHT = 342


def show(view: View, other_nats: list[float] | None, *, asks: bool) -> None:
    """Draw the story; ``other_nats`` is the surprise of the other reader, ``asks``: the word is still to be guessed."""
    component("story")(key=KEY, data=data_of(view, other_nats, asks=asks), height=HEIGHT, on_at_change=_chosen)


def data_of(view: View, other_nats: list[float] | None, *, asks: bool) -> dict[str, Any]:
    """Return what the component draws."""
    exact_nats = story_readers.surprise_nats_T(view.exact_TV, view.numbers_T).tolist()
    return {
        "name": f"{view.language} {view.number} {view.own_text}",
        "height": HEIGHT,
        "joined": view.language in JOINED,
        "label": _("A story, word by word"),
        "at": view.at,
        "asks": asks,
        "words": [
            _word(view, place, word, sentence, exact_nats[place], other_nats[place] if other_nats else -1.0, asks=asks)
            for place, (word, sentence) in enumerate(zip(written(view), view.sentence_of(), strict=True))
        ],
        "arcs": _arcs(view),
    }


def written(view: View) -> list[str]:
    """Return the words as people write them: capitals at the start of sentences and in names."""
    if view.language in JOINED:
        return list(view.words)
    sentences = view.sentence_of()
    begins = [place == 0 or sentences[place] != sentences[place - 1] for place in range(len(view.words))]
    return [
        word.capitalize() if starts or word in view.grammar.capitals else word
        for word, starts in zip(view.words, begins, strict=True)
    ]


def _word(view: View, place: int, word: str, sentence: int, exact: float, other: float, *, asks: bool) -> dict[str, Any]:
    is_unread = asks and view.mode == "next" and place > view.at
    is_asked = asks and place == view.at
    label = (
        _("a word that is not read yet") if is_unread else _("the word to guess") if is_asked else _label(word, exact, other)
    )
    shown = {"exact": 0.0, "other": 0.0} if is_unread or is_asked else {"exact": exact, "other": min(other, 99.0)}
    text = "·" * len(word) if is_unread else "" if is_asked else word
    return {"text": text, "sentence": sentence, "unread": is_unread, "label": label, **shown}


def _label(word: str, exact: float, other: float) -> str:
    if other < 0:
        return _("{word}: {exact} nats for the perfect reader").format(word=word, exact=f"{exact:.2f}")
    both = _("{word}: {exact} nats for the perfect reader, {other} for the other")
    return both.format(word=word, exact=f"{exact:.2f}", other=f"{other:.2f}")


def _arcs(view: View) -> list[dict[str, Any]]:
    if view.story is None:
        return []
    names = list(view.grammar.dependencies)
    return [
        {
            "from": arc.dependent_position,
            "to": arc.governor_position,
            "colour": style.colour(names.index(arc.dependency)),
            "title": view.grammar.dependencies[arc.dependency].titles.get(current_language(), arc.dependency),
        }
        for arc in dependencies.arcs(view.story)
    ]


def surprise(view: View, reader: str) -> list[float]:
    """Return how surprised a reader without training is by each word, in nats."""
    share_TV = tinyworld_view.expected(view.language, view.words, view.mode, reader)
    return np.minimum(story_readers.surprise_nats_T(share_TV, view.numbers_T), 99.0).tolist()


def _chosen() -> None:
    chosen = st.session_state[KEY].get("at")
    if isinstance(chosen, int):
        address.put(tinyworld_view.AT, str(chosen))
