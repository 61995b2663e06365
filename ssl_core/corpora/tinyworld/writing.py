"""Between the words of a grammar and text as people write it."""

from collections.abc import Iterable, Set

from ssl_core.corpora.letters import LETTER, compiled
from ssl_core.corpora.tinyworld.templates import SENTENCE_ENDS

JOINED = ("zh",)
"""Languages that write no blanks between words."""

_WORD = compiled(rf"[\p{{L}}\p{{N}}][{LETTER}\p{{N}}]*|[^\s\p{{L}}\p{{M}}\p{{N}}_]|_")
_MARKS = frozenset(".,;:!?")


def written(words: Iterable[str], language: str, capitals: Set[str]) -> str:
    """Return words as people write them: capitals for names and at the start of sentences, no blank before a mark."""
    if language in JOINED:
        return "".join(words)
    pieces: list[str] = []
    starts = True
    for word in words:
        shown = word.capitalize() if starts or word in capitals else word
        starts = word in SENTENCE_ENDS
        pieces.append(shown if word in _MARKS else f" {shown}")
    return "".join(pieces).lstrip()


def words_of_text(text: str) -> tuple[str, ...]:
    """Return the words and marks of a text with blanks, written small."""
    return tuple(_WORD.findall(text.lower()))


def words_of_beginning(text: str, vocabulary: Iterable[str], language: str) -> tuple[str, ...]:
    """Return the words of a text that may break off anywhere; where no blanks show them, as few known words as possible.

    A character that belongs to no known word is a word of its own.
    """
    if language not in JOINED:
        return words_of_text(text)
    known, text = set(vocabulary), "".join(text.split())
    longest = max(map(len, known))
    best: list[tuple[int, int]] = [(0, 0)]  # for each length of text: how many words, and where the last one begins
    for end in range(1, len(text) + 1):
        begins = range(max(0, end - longest), end)
        best.append(min((best[begin][0] + 1, begin) for begin in begins if end - begin == 1 or text[begin:end] in known))
    words: list[str] = []
    end = len(text)
    while end:
        words.append(text[best[end][1] : end])
        end = best[end][1]
    return tuple(reversed(words))
