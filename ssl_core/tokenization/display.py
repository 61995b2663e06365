"""Tokens as a person reads them."""

import re
from collections.abc import Iterable

from tokenizers import Tokenizer

from ssl_core.corpora.letters import CJK, WITHIN, compiled
from ssl_core.tokenization.base import CLS_ID, PAD_ID, SEP_ID
from ssl_core.tokenization.spelling import spelling_of

CONTINUES_MARK = "-"
"""Stands before a piece that belongs to the word before it: "-ing"."""

_VISIBLE = {" ": "␣", "\n": "⏎", "\t": "⇥", "\u3000": "␣", "\xa0": "␣"}
_LONE_BYTES = re.compile("[\udc80-\udcff]+")
_END_OF_DOCUMENT = "\n\n"

_NO_SPACE = (  # where the spaces between tokens go again, in this order
    (re.compile(r" ([,.;:!?%)\]}”’…])"), r"\1"),
    (re.compile(r"([(\[{“‘$£€#]) "), r"\1"),
    (re.compile(r"(?<=\d)([.:]) (?=\d)"), r"\1"),  # 1.5, 10:30
    (re.compile(r"(?<=\d), (?=\d{3}(?!\d))"), ","),  # 20,000
    (compiled(rf"(?<=[{WITHIN}]) ?' ?(?=(?:s|t|d|m|re|ve|ll)(?![{WITHIN}]))"), "'"),  # it's, don't
    (compiled(rf"(?<=[{WITHIN}]) ([-/]) (?=[{WITHIN}])"), r"\1"),  # three times in four, a hyphen and not a dash
    (re.compile(rf"(?<=[{CJK}。，、；：？！“”‘’（）《》]) (?=\S)|(?<=\S) (?=[{CJK}。，、；：？！“”‘’（）《》])"), ""),
    (re.compile(r'" ([^"\n]*?) ?"'), r'"\1"'),
    (compiled(rf"(?<![{WITHIN}])' ((?:[^'\n]|[{WITHIN}]'[{WITHIN}])*?) ?'"), r"'\1'"),
)


def token_text(tokenizer: Tokenizer, token_id: int) -> str:
    """Return one token for display: "-ing" for a piece inside a word, "␣the" where the space is part of the token.

    Bytes that make no whole character are named by their value: "⟨E4⟩".
    """
    token, spelling = tokenizer.id_to_token(int(token_id)) or "", spelling_of(tokenizer)
    if spelling.spaces_between:
        return CONTINUES_MARK + spelling.shown(token) if spelling.continues(token) else token
    return visible(spelling.shown(token))


def visible(text: str) -> str:
    """Return a text with its spaces, line breaks and lone bytes made visible."""
    shown = "".join(_VISIBLE.get(character, character) for character in text)
    return _LONE_BYTES.sub(lambda found: f"⟨{' '.join(f'{ord(each) - 0xDC00:02X}' for each in found[0])}⟩", shown)


def decode(tokenizer: Tokenizer, token_ids: Iterable[int]) -> str:
    """Return tokens as text, written as people write: pieces joined, no space before a comma, none in Chinese.

    [SEP] becomes an empty line, [PAD] and [CLS] nothing; [MASK] and [UNK] stay as they are.
    """
    paragraphs: list[list[str]] = [[]]
    for token_id in map(int, token_ids):
        if token_id == SEP_ID:
            paragraphs.append([])
        elif token_id not in (PAD_ID, CLS_ID):
            paragraphs[-1].append(tokenizer.id_to_token(token_id) or "")
    spelling = spelling_of(tokenizer)
    texts = (spelling.joined(tokens) for tokens in paragraphs if tokens)
    return _END_OF_DOCUMENT.join(map(_spaced_as_written, texts) if spelling.spaces_between else texts)


def _spaced_as_written(text: str) -> str:
    for pattern, replacement in _NO_SPACE:
        text = pattern.sub(replacement, text)
    return text
