"""Names that others gave (column heads, keys of JSON, names of files), cleaned so that any page may show them."""

import re
import unicodedata
from collections.abc import Iterable

MAX_CHARACTERS = 80

_JOINERS = "\u200c\u200d"  # Hindi, Persian and some emoji need them
_BLANKS = re.compile(r"\s+")


def clean(name: str, max_characters: int = MAX_CHARACTERS) -> str:
    """Return a name on one line, without signs that nobody sees or that turn the direction of writing, not too long."""
    spaced = _BLANKS.sub(" ", name)
    kept = "".join(each for each in map(_shown, spaced) if each)
    return kept.strip()[:max_characters].strip()


def distinct(names: Iterable[str]) -> list[str]:
    """Return cleaned names that differ: one without a name is called by its place, one that was there before says so."""
    found: dict[str, None] = {}
    for place, name in enumerate(names, start=1):
        cleaned = clean(name) or f"column {place}"
        while cleaned in found:
            cleaned = f"{cleaned} ({place})"
        found[cleaned] = None
    return list(found)


def _shown(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Cs":
        return "\ufffd"
    return "" if kind[0] == "C" and character not in _JOINERS else character
