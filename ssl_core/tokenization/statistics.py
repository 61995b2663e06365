"""What a tokenizer makes of texts, in figures."""

# N tokens, V vocabulary

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from ssl_core.corpora.base import Document, count_words
from ssl_core.pretext.base import IntArray
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.display import token_text
from ssl_core.tokenization.spelling import Bytes, spelling_of
from ssl_core.tokenization.typed import encode_typed

NUM_LONGEST = 12
SIZES = (64, 128, 256, 512, 1024, 2048, 4096, 8192)

_SMOOTHING = 0.1
"""Added to every token's count, so that none is impossible."""

_BITS_PER_UNKNOWN_BYTE = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """What a tokenizer makes of held-out texts."""

    vocabulary_size: int
    num_tokens: int
    num_words: int  # a Chinese character counts as one, unless the words are known
    num_characters: int
    num_bytes: int
    unknown_rate: float  # share of [UNK] among the tokens
    bits_per_byte: float  # of a model that knows only how frequent each token is
    longest: tuple[str, ...]  # tokens of the vocabulary as they are shown, the longest first

    @property
    def tokens_per_word(self) -> float:
        """Return into how many tokens a word falls on average."""
        return self.num_tokens / max(1, self.num_words)

    @property
    def bytes_per_token(self) -> float:
        """Return how much text a token stands for on average."""
        return self.num_bytes / max(1, self.num_tokens)


def measure(tokenizer: Tokenizer, train: Sequence[Document], held_out: Sequence[Document]) -> Statistics:
    """Measure a tokenizer on texts that it has not seen.

    Bits per byte are those of a unigram model: each token costs -log2 of its share of the train tokens. A byte that [UNK]
    hides costs 8 bits more, because nobody can guess it; without this, hiding everything would look best. Letter case and
    spaces, where a kind drops them, are not charged.
    """
    counts_V = np.bincount(_ids(tokenizer, train), minlength=tokenizer.get_vocab_size()).astype(np.float64)
    counts_V[len(SPECIAL_TOKENS) :] += _SMOOTHING
    counts_V[UNK_ID] += _SMOOTHING
    ids_N = _ids(tokenizer, held_out)
    shares_N = counts_V[ids_N] / counts_V.sum()
    num_bytes = sum(len(document.text.encode("utf-8", "replace")) for document in held_out)
    bits = float(-np.log2(shares_N).sum()) + _BITS_PER_UNKNOWN_BYTE * _num_hidden_bytes(tokenizer, held_out, ids_N)
    return Statistics(
        vocabulary_size=tokenizer.get_vocab_size(),
        num_tokens=len(ids_N),
        num_words=sum(count_words(each.text) if each.words is None else len(each.words) for each in held_out),
        num_characters=sum(len(each.text) for each in held_out),
        num_bytes=num_bytes,
        unknown_rate=float(np.mean(ids_N == UNK_ID)) if len(ids_N) else 0.0,
        bits_per_byte=bits / max(1, num_bytes),
        longest=longest_tokens(tokenizer),
    )


def size_curve(
    kind: str, train: Sequence[Document], held_out: Sequence[Document], sizes: Sequence[int] = SIZES
) -> Iterator[Statistics]:
    """Train one kind of tokenizer with larger and larger vocabularies and measure each; ends where no more tokens are found."""
    last = 0
    for size in sizes:
        tokenizer = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=size), train)
        if tokenizer.get_vocab_size() == last:
            return
        last = tokenizer.get_vocab_size()
        yield measure(tokenizer, train, held_out)


def longest_tokens(tokenizer: Tokenizer, count: int = NUM_LONGEST) -> tuple[str, ...]:
    """Return the longest tokens of a vocabulary as they are shown; equals in the order of their numbers."""
    spelling = spelling_of(tokenizer)
    sizes = {
        token_id: len(spelling.shown(tokenizer.id_to_token(token_id) or "").strip())
        for token_id in range(len(SPECIAL_TOKENS), tokenizer.get_vocab_size())
    }
    longest = sorted(sizes, key=lambda token_id: (-sizes[token_id], token_id))[:count]
    return tuple(token_text(tokenizer, token_id) for token_id in longest)


def _ids(tokenizer: Tokenizer, documents: Sequence[Document]) -> IntArray:
    parts = [ids_N for ids_N, _starts in kinds.encode(tokenizer, documents)]
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts]).astype(np.int64)


def _num_hidden_bytes(tokenizer: Tokenizer, documents: Sequence[Document], ids_N: IntArray) -> int:
    """Count the bytes that [UNK] stands for: one where bytes are the smallest tokens, else those of its characters."""
    num_unknown = int(np.count_nonzero(ids_N == UNK_ID))
    if not num_unknown or isinstance(spelling_of(tokenizer), Bytes):
        return num_unknown
    typed = ((document.text, encode_typed(tokenizer, document.text)) for document in documents)
    return sum(
        len(text[start:end].encode("utf-8", "replace"))
        for text, each in typed
        for token_id, (start, end) in zip(each.ids, each.places, strict=True)
        if token_id == UNK_ID
    )
