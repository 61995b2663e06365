"""What a parser reads from: words, or Chinese text in which no blank shows where a word ends."""

from collections.abc import Sequence

from ssl_core.corpora.tinyworld.grammar import Grammar, Phrase
from ssl_core.corpora.tinyworld.writing import JOINED, words_of_text
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_CHARACTERS = 4_000
_SHOWN_BEFORE = 5
_SHOWN_CHARACTERS = 4
_SHOWN_WANTED = 12


class Tape:
    """A text under a reading head; it remembers how far any reading came, and what was wanted there."""

    def __init__(self, pieces: Sequence[str], gap: str) -> None:
        self._pieces, self._gap = pieces, gap
        self._furthest = 0
        self._wanted: set[str] = set()

    def after(self, position: int, phrase: Phrase) -> int | None:
        """Return the position after a phrase, or None where something else stands."""
        for word in phrase:
            length = 1 if self._gap else len(word)
            if "".join(self._pieces[position : position + length]) != word:
                self._want(position, word)
                return None
            position += length
        return position

    def is_end(self, position: int) -> bool:
        """Say whether all has been read."""
        if position < len(self._pieces):
            self._want(position, "")
        return position == len(self._pieces)

    def refusal(self) -> UserError:
        """Say which is the first word that can't follow, and what could stand there."""
        before = self._gap.join(self._pieces[max(0, self._furthest - _SHOWN_BEFORE) : self._furthest])
        found = "".join(self._pieces[self._furthest : self._furthest + (1 if self._gap else _SHOWN_CHARACTERS)])
        words = sorted(self._wanted - {""})
        options = ", ".join(words[:_SHOWN_WANTED]) + (" …" if len(words) > _SHOWN_WANTED else "")
        if not before and not found:
            return UserError(N_("There is no story here yet. It can begin with: {options}"), options=options)
        if not words:
            return UserError(N_("The story is over after “{before}”, but “{found}” follows."), before=before, found=found[:40])
        if not found:
            return UserError(
                N_("The story is not over yet after “{before}”. What can follow: {options}"), before=before, options=options
            )
        if not before:
            return UserError(
                N_("A story can't begin with “{found}”. What it can begin with: {options}"), found=found[:40], options=options
            )
        return UserError(
            N_("“{found}” can't follow “{before}” here. What can: {options}"), found=found[:40], before=before, options=options
        )

    def _want(self, position: int, word: str) -> None:
        if position > self._furthest:
            self._furthest, self._wanted = position, set()
        if position == self._furthest:
            self._wanted.add(word)


def tape(grammar: Grammar, text: str | Sequence[str]) -> Tape:
    """Return a text, or its words and marks, ready to be read.

    Raises: UserError if it is too long to be a story.
    """
    if sum(map(len, text)) > MAX_CHARACTERS:
        raise UserError(N_("A story has at most {most:,} characters; take one story at a time."), most=MAX_CHARACTERS)
    if not isinstance(text, str):
        return Tape(tuple(text), " ")
    return Tape("".join(text.split()), "") if grammar.language in JOINED else Tape(words_of_text(text), " ")
