"""The lines of a text, one at a time, whatever ends them."""

import re
from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")


def lines_of(text: str, start: int = 0) -> Iterator[str]:
    """Give the lines of a text from a place on, each with its end; a form feed or a Unicode separator ends none."""
    for match in _LINE.finditer(text, start):
        if match[0]:
            yield match[0]
