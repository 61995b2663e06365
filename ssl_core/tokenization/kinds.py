"""The kinds of tokenizers: how each is trained, and how each reads the documents of a corpus."""

from collections.abc import Iterator, Sequence

import numpy as np
from tokenizers import Tokenizer

from ssl_core.corpora.base import Document
from ssl_core.corpora.streaming import sampled
from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization.base import SEP_ID, TokenIds, vocabulary_of
from ssl_core.tokenization.byte_pair import train_byte_pairs
from ssl_core.tokenization.characters import encode_characters, train_characters
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.typed import one_by_one
from ssl_core.tokenization.unigram import train_unigram
from ssl_core.tokenization.whole_words import encode_words, is_chinese_words, train_words
from ssl_core.tokenization.wordpiece import encode_wordpiece, train_wordpiece
from ssl_core.tokenization.words import known_word_starts, word_starts

_TRAINERS = {
    "wordpiece": train_wordpiece,
    "bpe": train_byte_pairs,
    "unigram": train_unigram,
    "character": train_characters,
}
_SLOW = ("bpe", "unigram")
SAMPLE_CHARACTERS = 3_000_000
"""The slow kinds learn from so much text at most: in Chinese, where a whole clause is one word to them, that takes 15 s."""

_AT_ONCE = 256
"""Documents encoded together: many, so that all cores work, but not all, because an encoding is larger than its text."""


def train(config: TokenizerConfig, documents: Sequence[Document]) -> Tokenizer:
    """Learn a vocabulary from documents: the same documents give the same numbers, always."""
    if config.kind == "word":
        return train_words(documents, config.vocabulary_size)
    if config.kind in _SLOW:
        documents = sampled(documents, SAMPLE_CHARACTERS)
    return _TRAINERS[config.kind]([document.text for document in documents], config.vocabulary_size)


def kind_of(tokenizer: Tokenizer) -> str:
    """Return the kind of a tokenizer that was trained here."""
    model = type(tokenizer.model).__name__
    if model == "WordLevel":
        return "character" if type(tokenizer.decoder).__name__ == "Fuse" else "word"
    if is_chinese_words(tokenizer):
        return "word"
    return {"WordPiece": "wordpiece", "BPE": "bpe", "Unigram": "unigram"}[model]


def encode(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    """Give the token numbers of each document, and True for each token that begins a word.

    Known words decide; else what the tokenizer says ("##ing" begins none); else each token counts as a word.
    """
    kind = kind_of(tokenizer)
    if kind == "word":
        yield from encode_words(tokenizer, documents)
    elif kind == "character":
        yield from _characters(tokenizer, documents)
    elif kind == "wordpiece" and all(each.words is None for each in documents):
        yield from _marked_pieces(tokenizer, documents)
    else:
        yield from _pieces(tokenizer, documents)


def encode_ended(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    """Give the same of each document as it stands in a row of documents: ended by [SEP], which counts as a word."""
    for ids_N, starts_N in encode(tokenizer, documents):
        yield np.append(ids_N, np.uint16(SEP_ID)), np.append(starts_N, True)


def _characters(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    for document, ids_N in zip(documents, encode_characters(tokenizer, (each.text for each in documents)), strict=True):
        if document.words is None:
            yield ids_N, np.ones(len(ids_N), dtype=bool)
        else:
            yield ids_N, known_word_starts(document, np.arange(len(ids_N)))


def _pieces(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    for start in range(0, len(documents), _AT_ONCE):
        some = documents[start : start + _AT_ONCE]
        tokenizer.encode_special_tokens = True
        encoded = tokenizer.encode_batch([each.text for each in some], add_special_tokens=False)
        tokenizer.encode_special_tokens = False  # before anything is given away: who has read enough does not come back
        for document, each in zip(some, encoded, strict=True):
            ids_N, places_N2, word_N = one_by_one(tokenizer, each)
            if document.words is None:
                starts_N = word_starts(document.text, places_N2[:, 0], word_N)
            else:
                starts_N = known_word_starts(document, places_N2[:, 0])
            yield ids_N.astype(np.uint16), starts_N


def _marked_pieces(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    """Read the beginnings of words off the marks of the pieces, which is faster where no words are known."""
    continues_V = vocabulary_of(tokenizer).continues_word_V
    for ids_N in encode_wordpiece(tokenizer, (each.text for each in documents)):
        yield ids_N, np.ones(len(ids_N), dtype=bool) if continues_V is None else ~continues_V[ids_N]
