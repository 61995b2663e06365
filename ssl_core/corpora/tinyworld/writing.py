"""Between the words of a grammar and text as people write it."""

import re
from collections.abc import Iterable, Set

from ssl_core.corpora.tinyworld.templates import SENTENCE_ENDS

JOINED = ("zh",)
"""Languages that write no blanks between words."""

_WORD = re.compile(r"[^\W_]+|[^\w\s]|_")
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
