"""A text that a person types, as tokens: their numbers, where they stand, and which of them begin words."""

# N tokens of one text

from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding, Tokenizer

from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization.words import cut_word_starts

_BEFORE = "\n"  # stands before a text that goes on after something else; no tokenizer joins it with what follows


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The tokens of a text; ``places_N`` are its characters [start, end)."""

    ids: list[int]
    places: list[tuple[int, int]]
    starts_word_N: BoolArray


def encode_typed(tokenizer: Tokenizer, text: str, *, begins: bool = True) -> Typed:
    """Return a text's tokens; special tokens written by hand count as the letters they are made of.

    With ``begins=False`` the text goes on after something else, so that no beginning is put before it.
    """
    before = "" if begins else _BEFORE
    tokenizer.encode_special_tokens = True
    encoded = tokenizer.encode(before + text, add_special_tokens=False)
    tokenizer.encode_special_tokens = False
    starts_N = cut_word_starts(before + text, encoded)
    ids: list[int] = []
    places: list[tuple[int, int]] = []
    starts: list[bool] = []
    for token_id, (start, end), is_start in _one_by_one(tokenizer, encoded, starts_N):
        if end > len(before) or start == end:
            ids.append(token_id)
            places.append((max(0, start - len(before)), max(0, end - len(before))))
            starts.append(is_start)
    return Typed(ids=ids, places=places, starts_word_N=np.array(starts, dtype=bool))


def _one_by_one(tokenizer: Tokenizer, encoded: Encoding, starts_N: BoolArray) -> list[tuple[int, tuple[int, int], bool]]:
    """Give back one [UNK] a character where a unigram model lumps unknown neighbours together."""
    unknown = _lumped_id(tokenizer)
    found: list[tuple[int, tuple[int, int], bool]] = []
    for token_id, (start, end), is_start in zip(encoded.ids, encoded.offsets, starts_N.tolist(), strict=True):
        places = [(at, at + 1) for at in range(start, end)] if token_id == unknown else [(start, end)]
        found += [(token_id, place, is_start) for place in places]
    return found


def _lumped_id(tokenizer: Tokenizer) -> int | None:
    return 1 if type(tokenizer.model).__name__ == "Unigram" else None
