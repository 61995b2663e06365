"""A text in pieces, with all that can be said of each: for people to look at, under any tokenizer."""

from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from ssl_core.tokenization.display import visible
from ssl_core.tokenization.spelling import spelling_of
from ssl_core.tokenization.typed import encode_typed, unknown_id

WHOLE, UNKNOWN, BYTES = "whole", "unknown", "bytes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One token of a text: what it says, its number, and the characters [start, end) it stands for."""

    shown: str  # spaces and lone bytes visible, without marks such as "##"
    token: str  # as the vocabulary spells it
    token_id: int
    start: int
    end: int
    word: int  # which word of the text it belongs to, from 0
    continues: bool  # it does not begin its word
    kind: str  # WHOLE, UNKNOWN, or BYTES: a part of a character


def pieces_of(tokenizer: Tokenizer, text: str) -> list[Piece]:
    """Cut a text; special tokens written by hand count as the letters they are made of."""
    typed = encode_typed(tokenizer, text)
    spelling, unknown = spelling_of(tokenizer), unknown_id(tokenizer)
    word_N = np.cumsum(typed.starts_word_N) - 1
    found: list[Piece] = []
    for place, (token_id, (start, end)) in enumerate(zip(typed.ids, typed.places, strict=True)):
        token = tokenizer.id_to_token(token_id) or ""
        content = spelling.shown(token)
        kind = UNKNOWN if token_id == unknown else BYTES if _is_lone(content) else WHOLE
        found.append(
            Piece(
                shown=visible(text[start:end]) if kind == UNKNOWN else visible(content), token=token, token_id=token_id,
                start=start, end=end, word=max(0, int(word_N[place])),
                continues=bool(place) and not typed.starts_word_N[place], kind=kind,
            )
        )  # fmt: skip
    return found


def _is_lone(content: str) -> bool:
    return any(0xDC80 <= ord(character) <= 0xDCFF for character in content)
