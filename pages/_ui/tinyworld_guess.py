"""Guess first: four words to choose from; the guess is kept, and the score with it."""

import hashlib

import numpy as np
import streamlit as st

from pages._ui import tinyworld_view
from pages._ui.tinyworld_story import written
from pages._ui.tinyworld_view import View
from ssl_core.corpora.tinyworld.story_readers import SIMPLE
from ssl_core.i18n import _

_GUESSES, _CHOICE = "tinyworld.guesses", "tinyworld.choice"
NUM_CHOICES = 4
SHOWN = ""  # the guess of who only looked


def is_open(view: View) -> bool:
    """Return whether the word is still to be guessed."""
    return view.key not in _guesses()


def show(view: View) -> None:
    """Ask for a guess, with one click."""
    question = _("Which word comes next?") if view.mode == "next" else _("Which word stands in the blank?")
    st.markdown(f"**{question}**")
    st.pills(
        question,
        choices(view),
        label_visibility="collapsed",
        key=f"{_CHOICE} {view.key}",
        on_change=_chosen,
        args=(view.key, view.words[view.at]),
    )
    st.button(_("Just show me"), type="tertiary", key="tinyworld.show", on_click=_keep, args=(view.key, SHOWN, False))


def choices(view: View) -> list[str]:
    """Return the true word among three that a reader might take for it, always in the same order for the same place."""
    truth = view.words[view.at]
    by_pairs_V = tinyworld_view.expected(view.language, view.words, view.mode, SIMPLE[0].key)[view.at]
    frequent_V = tinyworld_view.expected(view.language, view.words, view.mode, SIMPLE[1].key)[view.at]
    likely_V = view.exact_TV[view.at] + by_pairs_V + 1e-3 * frequent_V
    order = [view.machine.words[number] for number in np.argsort(-likely_V, kind="stable")[: NUM_CHOICES + 2]]
    offered = [word for word in order if word not in (truth, view.machine.words[0])][: NUM_CHOICES - 1]
    rng = np.random.default_rng(int.from_bytes(hashlib.sha256(view.key.encode()).digest()[:8]))
    mixed = rng.permutation([truth, *offered]).tolist()
    return [str(word) for word in mixed]


def remark(view: View) -> str:
    """Say what became of the guess."""
    truth = written(view)[view.at]
    guess, is_right = _guesses().get(view.key, (SHOWN, False))
    if guess == SHOWN:
        return _("The word is “{truth}”.").format(truth=truth)
    if is_right:
        return _("Right: “{truth}”.").format(truth=truth)
    return _("You said “{guess}”; it is “{truth}”.").format(guess=guess, truth=truth)


def score() -> tuple[int, int]:
    """Return how many words were guessed rightly, and how many were guessed."""
    tried = [is_right for guess, is_right in _guesses().values() if guess != SHOWN]
    return sum(tried), len(tried)


def _guesses() -> dict[str, tuple[str, bool]]:
    found: dict[str, tuple[str, bool]] = st.session_state.setdefault(_GUESSES, {})
    return found


def _chosen(key: str, truth: str) -> None:
    guess = st.session_state.get(f"{_CHOICE} {key}")
    if guess:
        _keep(key, str(guess), guess == truth)


def _keep(key: str, guess: str, is_right: bool) -> None:
    _guesses()[key] = (guess, is_right)
