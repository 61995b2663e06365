"""A text that a person types, as tokens: their numbers, where they stand, and which of them begin words."""

# N tokens of one text

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Encoding, Tokenizer

from ssl_core.pretext.base import BoolArray, IntArray
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.spelling import Bare, Blanks, Bytes, spelling_of
from ssl_core.tokenization.words import word_starts


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The tokens of a text; ``places`` are its characters [start, end)."""

    ids: list[int]
    places: list[tuple[int, int]]
    starts_word_N: BoolArray


def encode_typed(tokenizer: Tokenizer, text: str, *, begins: bool = True) -> Typed:
    """Return a text's tokens; special tokens written by hand count as the letters they are made of.

    With ``begins=False`` the text goes on after something else, so that nothing is put before it.
    """
    before = "" if begins else _apart_from(text)
    tokenizer.encode_special_tokens = True
    encoded = tokenizer.encode(before + text, add_special_tokens=False)
    tokenizer.encode_special_tokens = False
    ids_N, places_N2, word_N = one_by_one(tokenizer, encoded)
    is_bare = isinstance(spelling_of(tokenizer), Bare)  # characters, Chinese words: each token is a word
    starts_N = np.ones(len(ids_N), dtype=bool) if is_bare else word_starts(before + text, places_N2[:, 0], word_N)
    is_after_N = places_N2[:, 1] > len(before) if before else np.ones(len(ids_N), dtype=bool)
    places = (places_N2[is_after_N] - len(before)).clip(0).tolist()
    return Typed(
        ids=ids_N[is_after_N].tolist(), places=[(start, end) for start, end in places], starts_word_N=starts_N[is_after_N]
    )


def encode_around_blanks(tokenizer: Tokenizer, parts: Sequence[str]) -> list[list[int]]:
    """Return the tokens of the parts of a text that stand before, between and after its blanks.

    Where a space belongs to the word after it, the blank takes the space before it along: so the network learned it.
    """
    takes_space, last = takes_space_along(tokenizer), len(parts) - 1
    trimmed = [part.removesuffix(" ") if takes_space and place < last else part for place, part in enumerate(parts)]
    return [encode_typed(tokenizer, part, begins=place == 0).ids for place, part in enumerate(trimmed)]


def unknown_id(tokenizer: Tokenizer) -> int | None:
    """Return the number of the token for what is unknown, in tokenizers from elsewhere as well; None where there is none."""
    names = [getattr(tokenizer.model, "unk_token", None), SPECIAL_TOKENS[UNK_ID], "<unk>"]
    found = (tokenizer.token_to_id(name) for name in names if name)
    return next((token_id for token_id in found if token_id is not None), None)


def takes_space_along(tokenizer: Tokenizer) -> bool:
    """Say whether the space before a word is part of its token, as in byte-level BPE and in SentencePiece."""
    return isinstance(spelling_of(tokenizer), (Bytes, Blanks))


def one_by_one(tokenizer: Tokenizer, encoded: Encoding) -> tuple[IntArray, IntArray, IntArray]:
    """Return ids, places (start and end) and word numbers, with one [UNK] a character.

    A unigram model lumps unknown neighbours together, and nothing would say how many they were.
    """
    ids_N = np.array(encoded.ids, dtype=np.int64)
    places_N2 = np.array(encoded.offsets, dtype=np.int64).reshape(-1, 2)
    word_N = np.array([-1 if each is None else each for each in encoded.word_ids], dtype=np.int64)
    if type(tokenizer.model).__name__ != "Unigram":
        return ids_N, places_N2, word_N
    sizes_N = np.where(ids_N == unknown_id(tokenizer), np.maximum(places_N2[:, 1] - places_N2[:, 0], 1), 1)
    if sizes_N.max(initial=1) == 1:
        return ids_N, places_N2, word_N
    within = np.arange(sizes_N.sum()) - np.repeat(np.cumsum(sizes_N) - sizes_N, sizes_N)
    is_lump = np.repeat(sizes_N > 1, sizes_N)
    starts = np.repeat(places_N2[:, 0], sizes_N) + within
    ends = np.where(is_lump, starts + 1, np.repeat(places_N2[:, 1], sizes_N))
    return np.repeat(ids_N, sizes_N), np.stack([starts, ends], axis=1), np.repeat(word_N, sizes_N)


def _apart_from(text: str) -> str:
    """Return a character that no tokenizer joins with what follows."""
    return "," if text[:1].isspace() else "\n"
