"""Documentation as plain sentences: no mark-up of reStructuredText, no examples, one paragraph a line."""

import re
import textwrap

_UNDERLINE = re.compile(r"^\s*([=\-~^*\"'`#+_.])\1{2,}\s*$")
_DOCTEST = re.compile(r"^\s*>>>")
_DIRECTIVE = re.compile(r"^\s*\.\. ?[\w-]*:{0,2}\s*", re.MULTILINE)
_ROLE = re.compile(r":(?:[\w+-]+:)?[\w+-]+:`~?([^`<]+?)(?:\s*<[^`]*>)?`_?")
_QUOTED = re.compile(r"``?([^`\n]+)``?_?")
_EMPHASIS = re.compile(r"(?<![\w*])(\*\*?)(?=[^\s*])([^*\n]+?)(?<=[^\s*])\1(?![\w*])")
_MARK_OF_LIST = re.compile(r"^(?:[*•+-]|\d+\.|\(\d+\))\s+")
_TAG = re.compile(r"<[\w/]|&#?\w+;")
_CODE = re.compile(
    r"::=|[=!<>]=|\w\(\)?\w*\)|->|[{}\[\]|\\<>@%$^~=]|\w_\w|__|^\s*(?:def|class|import|from|return|for|if) .*:?$"
)
_WORD = re.compile(r"[A-Za-z]{2,}")
_MIN_WORDS = 4
_MAX_CODE_RATE = 0.12  # marks of code for each word
_MIN_LETTER_RATE = 0.72


def prose(text: str) -> str:
    """Return the sentences of a docstring or a topic of the reference."""
    paragraphs = re.split(r"\n[ \t]*\n", textwrap.dedent(text.expandtabs()))
    return "\n".join(sentence for paragraph in paragraphs if (sentence := _sentences(paragraph)))


def _sentences(paragraph: str) -> str:
    """Return a paragraph on one line, "" where it is an example, a table or a heading."""
    if _DOCTEST.search(paragraph) or any(_DOCTEST.match(line) for line in paragraph.splitlines()):
        return ""
    lines = [line for line in paragraph.splitlines() if not _UNDERLINE.match(line)]
    flat = " ".join(_DIRECTIVE.sub("", "\n".join(lines)).split())
    flat = _MARK_OF_LIST.sub("", _EMPHASIS.sub(r"\2", _QUOTED.sub(r"\1", _ROLE.sub(r"\1", flat))))
    flat = flat.removesuffix("::") + ":" if flat.endswith("::") else flat
    return flat if _is_prose(flat) else ""


def _is_prose(flat: str) -> bool:
    num_words = len(_WORD.findall(flat))
    num_letters = sum(character.isalpha() or character == " " for character in flat)
    if num_words < _MIN_WORDS or _TAG.search(flat) or "`" in flat:
        return False
    return num_letters >= _MIN_LETTER_RATE * len(flat) and len(_CODE.findall(flat)) <= _MAX_CODE_RATE * num_words
