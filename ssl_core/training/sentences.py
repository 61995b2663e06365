"""How a sentence that a person types is read: what a blank is, what is hidden where none is marked, what does not fit."""

import re
from dataclasses import dataclass

from tokenizers import Tokenizer

from ssl_core.corpora import letters
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID
from ssl_core.tokenization.typed import encode_around_blanks, encode_typed, takes_space_along

BLANK = re.compile(r"_{3,}|\[MASK\]")
_LAST_WORD = letters.compiled(
    rf"(?:[{letters.CJK}]|[\p{{L}}--[{letters.CJK}]][[{letters.LETTER}]--[{letters.CJK}]]*|\p{{Nd}}+)(?=[^\p{{L}}\p{{M}}\p{{N}}]*$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanks:
    """A sentence as the network sees it: bare, as its training text, with [MASK] at each blank."""

    ids: list[int]
    positions: list[int]  # of the blanks
    hidden_ids: list[int]  # what stood in the one blank that was made here; empty where the reader marked the blanks


def with_blanks(tokenizer: Tokenizer, text: str, context_tokens: int) -> Blanks:
    """Read a sentence with blanks (``___`` or ``[MASK]``); without one, its last word becomes one.

    Raises: UserError if the sentence is empty, has nothing but blanks or does not fit the model's context.
    """
    require_words(text)
    parts, hidden = BLANK.split(text), ""
    if len(parts) == 1:
        last = _LAST_WORD.search(text)
        if last is None:
            raise UserError(N_("There is no word to guess here. Mark a blank with three underscores: ___"))
        parts, hidden = [text[: last.start()], text[last.end() :]], last.group()
    ids: list[int] = []
    positions: list[int] = []
    for number, part_ids in enumerate(encode_around_blanks(tokenizer, parts)):
        if number:
            positions.append(len(ids))
            ids.append(MASK_ID)
        ids.extend(part_ids)
    if len(positions) == len(ids):
        if hidden:
            raise UserError(N_("One word alone leaves nothing to guess from. Type a few more."))
        raise UserError(N_("This sentence has nothing but blanks. Leave some words around them to guess from."))
    require_room(len(ids), context_tokens)
    before = " " if takes_space_along(tokenizer) and parts[0].endswith(" ") else ""
    hidden_ids = encode_typed(tokenizer, before + hidden, begins=not parts[0]).ids
    return Blanks(ids=ids, positions=positions, hidden_ids=hidden_ids)


def before_blank(tokenizer: Tokenizer, text: str) -> list[int]:
    """Return the tokens before a sentence's first blank, or all of them: what can be read from left to right.

    Raises: UserError if the sentence is empty.
    """
    require_words(text)
    return encode_around_blanks(tokenizer, BLANK.split(text))[0]


def require_words(text: str) -> None:
    """Check that something was typed.

    Raises: UserError if not.
    """
    if not text.strip():
        raise UserError(N_("This sentence is empty. Type a few words."))


def require_room(num_tokens: int, context_tokens: int) -> None:
    """Check that a sentence fits.

    Raises: UserError if the model sees fewer tokens at once.
    """
    if num_tokens > context_tokens:
        raise UserError(
            N_("This sentence has {num_tokens} tokens; this model sees {context_tokens} at once. Shorten it."),
            num_tokens=num_tokens,
            context_tokens=context_tokens,
        )
