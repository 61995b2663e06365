"""Cutting a long text into documents of similar length."""

import re
from collections.abc import Iterator

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
    start = 0
    while len(text) - start > 2 * size:
        window = (start + size, start + 2 * size)
        found = (each.search(text, *window) for each in _BREAKS)
        end = next((match.end() for match in found if match), window[1])
        yield text[start:end].strip()
        start = end
    if text[start:].strip():
        yield text[start:].strip()
