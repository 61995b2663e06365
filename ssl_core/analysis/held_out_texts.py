"""Texts that a network did not learn from, to see what it does with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from ssl_core import corpora
from ssl_core.analysis.base import Subject
from ssl_core.analysis.laid_out import MAX_CHARACTERS, LaidOut, lay_out
from ssl_core.corpora import splits
from ssl_core.corpora.tinyworld.held_out import held_out_stories
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.spelling import spelling_of
from ssl_core.tokenization.typed import encode_typed
from ssl_core.tokenization.words import is_chinese

NUM_TEXTS, MAX_TEXTS = 64, 512
_ROOM_FOR_MARKS = 2  # [CLS] before a text and [SEP] after it
_CHINESE_RATE = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """Texts as they are read, and how many of them had to be cut to the network's context."""

    laid_out: list[LaidOut]
    num_cut: int


def read(payload: Mapping[str, Any], subject: Subject) -> Texts:
    """Lay out ``payload["texts"]``, else held-out documents of ``payload["corpus"]``, else stories of TinyWorld.

    The stories are in ``payload["language"]``, or in the language of the network's vocabulary. "num_texts" says how many.
    Raises: UserError if there is nothing to read.
    """
    num_texts = number(payload, "num_texts", NUM_TEXTS, MAX_TEXTS)
    if "texts" in payload:
        texts = [str(text) for text in payload["texts"] if str(text).strip()][:MAX_TEXTS]
    elif payload.get("corpus"):
        texts = list(_held_out(payload["corpus"], num_texts))
    else:
        texts = [story.text for story in held_out_stories(language_of(payload, subject.tokenizer), num_texts)]
    if not texts:
        raise UserError(N_("There is no text to read. Give at least one sentence."))
    fitting = [_cut(subject, text) for text in texts]
    laid_out = [lay_out(subject, text) for text in fitting]
    return Texts(laid_out=laid_out, num_cut=sum(map(str.__ne__, texts, fitting)))


def number(payload: Mapping[str, Any], name: str, usual: int, most: int) -> int:
    """Return a count of the payload.

    Raises: UserError if it is out of reach.
    """
    found = int(payload.get(name) or usual)
    if not 0 < found <= most:
        raise UserError(N_("{count} texts were asked for; ask for 1 to {limit}."), count=found, limit=most)
    return found


def language_of(payload: Mapping[str, Any], tokenizer: Tokenizer) -> str:
    """Return the language that is asked for, else that of the vocabulary: "zh" if it has a good part of Chinese tokens."""
    if payload.get("language"):
        return str(payload["language"])
    spelling = spelling_of(tokenizer)
    tokens = [spelling.shown(tokenizer.id_to_token(token_id) or "") for token_id in range(tokenizer.get_vocab_size())]
    return "zh" if np.mean([bool(is_chinese(token[:1])[:1].any()) for token in tokens]) > _CHINESE_RATE else "en"


def _held_out(corpus: str, num_texts: int) -> Sequence[str]:
    """Return documents of a corpus's validation part, from all over it; of a text by a known grammar new ones."""
    opened = corpora.load(corpus)
    if opened.machine is not None:
        return [story.text for story in held_out_stories(opened.card.language, num_texts)]
    texts = _validation_texts(corpus, opened.fingerprint)
    chosen = np.linspace(0, len(texts) - 1, min(num_texts, len(texts))).astype(int)
    return [texts[place] for place in chosen]


@lru_cache(maxsize=4)
def _validation_texts(corpus: str, fingerprint: str) -> tuple[str, ...]:
    documents = splits.split(corpora.load(corpus).documents()).validation
    return tuple(document.text[:MAX_CHARACTERS] for document in documents if document.text.strip())


def _cut(subject: Subject, text: str) -> str:
    """Return as much of a text's beginning as fits the network's context, or all."""
    room, shorter = subject.context_tokens - _ROOM_FOR_MARKS, text[:MAX_CHARACTERS]
    places = encode_typed(subject.tokenizer, shorter).places
    return shorter[: places[room - 1][1]] if len(places) > room else shorter
