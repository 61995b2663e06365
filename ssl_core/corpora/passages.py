"""Cutting a long text into documents of similar length."""

import re
from collections.abc import Iterable, Iterator

_BREAKS = tuple(  # where to cut, the best place first
    re.compile(pattern) for pattern in (r"\n\s*\n", r"\n", r"[.!?…][\"')\]”’]*\s+|[。！？；][”’」』）]*", r"\s")
)
MIN_CHARACTERS, MAX_CHARACTERS = 100, 2000
NUM_PASSAGES = 200


def passage_size(num_characters: int) -> int:
    """Return how long passages should be, so that there are enough of them to hold some out."""
    return max(MIN_CHARACTERS, min(MAX_CHARACTERS, num_characters // NUM_PASSAGES))


def passages(text: str, size: int) -> Iterator[str]:
    """Cut a text into stretches of ``size`` to ``2 * size`` characters, between paragraphs if it can be.

    Else between lines, sentences or words; a word longer than that is cut through.
    """
    return passages_of_stream([text], size)


def passages_of_stream(chunks: Iterable[str], size: int) -> Iterator[str]:
    """Cut a text that comes in chunks, at the same places wherever the chunks end; only one chunk is kept at a time."""
    waiting = ""
    for chunk in chunks:
        waiting += chunk
        start = 0
        while len(waiting) - start > 2 * size:
            end = _end(waiting, start + size, start + 2 * size)
            if passage := waiting[start:end].strip():
                yield passage
            start = end
        waiting = waiting[start:]
    if passage := waiting.strip():
        yield passage


def _end(text: str, earliest: int, latest: int) -> int:
    found = (each.search(text, earliest, latest) for each in _BREAKS)
    return next((match.end() for match in found if match), latest)
