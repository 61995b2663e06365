"""What the TinyWorld page shows, kept in the URL: which world, which story or whose text, which word, and who guesses."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import streamlit as st

from pages._ui import address
from ssl_core.corpora.tinyworld import compiler, lexicon, parser, story_readers
from ssl_core.corpora.tinyworld.grammar import Grammar
from ssl_core.corpora.tinyworld.machine import FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.story import Story, draw
from ssl_core.corpora.tinyworld.story_readers import PERFECT, SIMPLE
from ssl_core.corpora.tinyworld.templates import SENTENCE_ENDS
from ssl_core.corpora.tinyworld.writing import words_of_beginning
from ssl_core.errors import UserError
from ssl_core.i18n import LANGUAGES, N_, current_language

WORLD, NUMBER, AT, MODE, AGAINST, TEXT = "world", "story", "word", "guess", "against", "text"
MODES = {"next": N_("Guess the next word"), "blank": N_("Guess a blank")}
MAX_TEXT_CHARACTERS = 600
LAST_NUMBER = 999_999


@dataclass(frozen=True)
class View:
    """One story, or the beginning of one, and the word in it that is asked about."""

    language: str
    mode: str
    number: int
    own_text: str
    words: tuple[str, ...]
    story: Story | None  # None where a learner's text is only the beginning of one
    asked_at: int | None

    @property
    def grammar(self) -> Grammar:
        """The grammar that tells the story."""
        return lexicon.grammar(self.language)

    @property
    def machine(self) -> Machine:
        """Its machine."""
        return compiler.machine(self.language)

    @cached_property
    def numbers_T(self) -> IntArray:
        """The machine's number of each word."""
        return story_readers.word_numbers(self.machine, self.words)

    @cached_property
    def exact_TV(self) -> FloatArray:
        """What a perfect reader expects at each place."""
        return expected(self.language, self.words, self.mode, PERFECT.key)

    @cached_property
    def at(self) -> int:
        """The place that is asked about: the one in the URL, else the one where context helps most."""
        if self.asked_at is not None and 0 <= self.asked_at < len(self.words):
            return self.asked_at
        places_T = np.arange(len(self.words))
        by_pairs_TV = expected(self.language, self.words, self.mode, SIMPLE[0].key)
        gain_T = self.exact_TV[places_T, self.numbers_T] - by_pairs_TV[places_T, self.numbers_T]
        is_inside_T = (places_T > len(self.words) // 4) & (places_T < 3 * len(self.words) // 4)
        return int(np.argmax(np.where(is_inside_T, gain_T, -1.0)))

    @property
    def key(self) -> str:
        """What one guess belongs to."""
        return f"{self.language} {self.number} {self.own_text} {self.mode} {self.at}"

    def sentence_of(self) -> list[int]:
        """Return for each word the number of its sentence."""
        found, number = [], 0
        for word in self.words:
            found.append(number)
            number += word in SENTENCE_ENDS
        return found


def asked() -> View:
    """Return what the URL asks for; what it does not say is the usual.

    Raises: UserError if the learner's text is none that this world could tell.
    """
    language = st.query_params.get(WORLD, "")
    language = language if language in LANGUAGES else current_language()
    mode = st.query_params.get(MODE, "")
    mode = mode if mode in MODES else "next"
    number = min(address.whole(st.query_params.get(NUMBER, "")) or 1, LAST_NUMBER)
    own_text = st.query_params.get(TEXT, "")[:MAX_TEXT_CHARACTERS].strip()
    if own_text:
        words, story = read(language, own_text)
    else:
        story = told(language, number)
        words = story.tokens
    return View(language, mode, number, own_text, words, story, address.whole(st.query_params.get(AT, "")))


@lru_cache(maxsize=64)
def told(language: str, number: int) -> Story:
    """Tell story ``number`` of a world."""
    return draw(lexicon.grammar(language), np.random.default_rng(number))


def read(language: str, text: str) -> tuple[tuple[str, ...], Story | None]:
    """Return the words of a learner's text, and the story it is, if it is a whole one.

    Raises: UserError if no story begins so.
    """
    try:
        story = parser.parse(lexicon.grammar(language), text)
        return story.tokens, story
    except UserError as refusal:
        words = words_of_beginning(text, compiler.machine(language).words, language)
        try:
            expected(language, words, "next", PERFECT.key)  # the beginning of a story will do
        except UserError:
            raise refusal from None
        return words, None


@lru_cache(maxsize=64)
def expected(language: str, words: tuple[str, ...], mode: str, reader: str) -> FloatArray:
    """Return what a reader expects at each place, (T, V); ``reader`` is the key of one that needs no training."""
    guesses = next(each for each in (PERFECT, *SIMPLE) if each.key == reader)
    return (guesses.next_word if mode == "next" else guesses.in_blank)(compiler.machine(language), words)
