"""What a letter and a word are, in any script: an accent or a vowel sign belongs to the letter that it stands on.

Python's ``\\w`` and ``str.isalpha`` leave such marks (Unicode's M) out, so that most words of Hindi, Thai or Arabic would fall
into pieces and different ones would become equal. The patterns here are for the package ``regex``, which knows ``\\p{M}``.
"""

import re
import unicodedata
from typing import cast

import regex

CJK = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
"""Chinese characters, as the inside of a regular expression's brackets."""

SPACELESS = "\u0e01-\u0e30\u0e32-\u0e33\u0e40-\u0e46\u0e81-\u0eb0\u0eb2-\u0eb3\u0ebd-\u0ec6\u1000-\u102a\u1780-\u17b3"
"""Letters of Thai, Lao, Burmese and Khmer, which write no spaces between words either."""

LETTER = r"\p{L}\p{M}"
"""Letters with their marks, as the inside of brackets."""

WITHIN = rf"{LETTER}\p{{N}}_\u200c\u200d"
"""All that a word may hold: letters, marks, digits, the underscore, and the signs that join or part letters."""

WORD = rf"[{CJK}{SPACELESS}]\p{{M}}*|[[\p{{L}}\p{{N}}_]--[{CJK}{SPACELESS}]][[{WITHIN}]--[{CJK}{SPACELESS}]]*"
"""A word; a character of a script that writes no spaces counts as one. A mark alone, as behind an emoji, is none."""

FLAT_WORD = rf"[\p{{L}}\p{{N}}_][{WITHIN}]*"
"""A word, or a stretch of characters without a space."""

LETTERS_ONLY = rf"\p{{L}}[{LETTER}]*"
"""A stretch of letters without a digit."""


def compiled(pattern: str) -> "re.Pattern[str]":
    """Return a pattern that may subtract sets (``[a--b]``); its matches are used as those of ``re`` are."""
    return cast("re.Pattern[str]", regex.compile(pattern, regex.V1))


def is_letter(character: str) -> bool:
    """Say whether a character is a letter, or a mark on one."""
    return unicodedata.category(character)[0] in "LM"


def is_mark(character: str) -> bool:
    """Say whether a character stands on the one before it."""
    return unicodedata.category(character)[0] == "M"


def is_letters(text: str) -> bool:
    """Say whether a text is made of letters and their marks alone; an empty one is not."""
    return bool(text) and all(map(is_letter, text))
