"""What a question is about, as the network sees it: a typed text, known words, or token numbers."""

# T tokens

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from ssl_core.analysis.base import Subject
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import MASK_ID, SEP_ID, SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.kinds import kind_of
from ssl_core.tokenization.typed import encode_typed
from ssl_core.tokenization.words import is_chinese
from ssl_core.training import sentences

_CLOSES = re.compile(r"[,.;:!?%)\]}”’…，。；：？！）》]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """Tokens as they are seen, and as they really are where that is known."""

    seen_ids_T: list[int]
    true_ids_T: list[int | None]
    hidden: list[int]  # positions of blanks; empty for a network that reads from left to right
    word_T: list[int | None]  # for known words: which of them each token belongs to


def read(payload: Mapping[str, Any], subject: Subject) -> Input:
    """Read ``payload["text"]``, ``["words"]`` or ``["ids"]``; of the last two ``["hidden"]`` says which are hidden.

    A network that fills blanks sees the bare sentence, as in its training text. One that reads from left to right sees it
    after [SEP], where every document of its training text begins; nothing is hidden from it but what is still to come.
    Token numbers are taken as they are.
    Raises: UserError if there is nothing to read or to guess, or it does not fit the context.
    """
    fills = subject.reads == "fill"
    if "text" in payload:
        found = _blanks(payload["text"], subject) if fills else _beginning(payload["text"], subject)
    else:
        found = _given(payload, subject, payload.get("hidden", ()) if fills else ())
    if fills and not found.hidden:
        raise UserError(N_("Nothing is hidden in this sentence. Choose at least one word to hide."))
    sentences.require_room(len(found.seen_ids_T), subject.context_tokens)
    return found


def words_ids(tokenizer: Tokenizer, words: Sequence[str]) -> list[list[int]]:
    """Return the token numbers of each word of a sentence, special tokens among them; pieces are those of a written text."""
    has_words = kind_of(tokenizer) == "word"
    found: list[list[int]] = []
    for number, word in enumerate(words):
        own = tokenizer.token_to_id(word) if has_words or word in SPECIAL_TOKENS else None
        gap = " " if number and not _CLOSES.match(word) and not is_chinese(words[number - 1][-1:] + word[:1]).any() else ""
        found.append([own] if own is not None else encode_typed(tokenizer, gap + word, begins=number == 0).ids)
    return found


def _blanks(text: str, subject: Subject) -> Input:
    found = sentences.with_blanks(subject.tokenizer, text, subject.context_tokens)
    is_known = len(found.hidden_ids) == 1 and found.hidden_ids != [UNK_ID]
    true_ids: list[int | None] = list(found.ids)
    for position in found.positions:
        true_ids[position] = found.hidden_ids[0] if is_known else None
    return Input(seen_ids_T=found.ids, true_ids_T=true_ids, hidden=found.positions, word_T=[None] * len(found.ids))


def _beginning(text: str, subject: Subject) -> Input:
    ids = [SEP_ID, *sentences.before_blank(subject.tokenizer, text)]
    return Input(seen_ids_T=ids, true_ids_T=list(ids), hidden=[], word_T=[None] * len(ids))


def _given(payload: Mapping[str, Any], subject: Subject, hidden: Iterable[int]) -> Input:
    """Read known words or token numbers; ``hidden`` counts words or numbers."""
    has_words = "words" in payload
    units = words_ids(subject.tokenizer, payload["words"]) if has_words else [[int(each)] for each in payload["ids"]]
    true_ids = [token_id for unit in units for token_id in unit]
    if not true_ids:
        raise UserError(N_("This sentence is empty. Type a few words."))
    _require_known(true_ids, subject.tokenizer.get_vocab_size())
    word: list[int | None] = [number for number, unit in enumerate(units) for _ in unit]
    if has_words and subject.reads == "continue" and true_ids[0] != SEP_ID:
        true_ids, word = [SEP_ID, *true_ids], [None, *word]
    chosen = set(hidden)
    return Input(
        seen_ids_T=[MASK_ID if number in chosen else token_id for number, token_id in zip(word, true_ids, strict=True)],
        true_ids_T=list(true_ids),
        hidden=[position for position, number in enumerate(word) if number in chosen],
        word_T=word if has_words else [None] * len(word),
    )


def _require_known(ids: Iterable[int], vocabulary_size: int) -> None:
    unknown = next((each for each in ids if not 0 <= each < vocabulary_size), None)
    if unknown is not None:
        raise UserError(
            N_("Token number {token_id} is none of this model's; its vocabulary ends at {last}."),
            token_id=unknown, last=vocabulary_size - 1,
        )  # fmt: skip
