"""One token a word: the oldest way, and the one in which a grammar's words and a model's tokens are the same."""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from math import log

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

from ssl_core.corpora.base import Document, language_of
from ssl_core.corpora.letters import CJK
from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID, TokenIds, apart_from_special_tokens
from ssl_core.tokenization.chinese_words import cut
from ssl_core.tokenization.typed import encode_typed

_LETTER = r"[\p{L}\p{M}\p{N}_&&[^CJK]]".replace("CJK", CJK)
WORD = rf"[{CJK}]|{_LETTER}+(?:['’\-]{_LETTER}+)*|[^\s\p{{L}}\p{{M}}\p{{N}}_]"
"""A word of a language that writes spaces, with apostrophes and hyphens inside it; or one mark, or one Chinese character."""

_UNKNOWN_COST = 20.0
_FREQUENCY_WEIGHT = 1e-6
"""Among segmentations with equally few words the more frequent words win; so small that it never buys a word more."""

_SAMPLE = 200  # documents that are asked for their language
_AT_ONCE = 256  # documents encoded together


def train_words(documents: Sequence[Document], vocabulary_size: int) -> Tokenizer:
    """Give a number to each of the most frequent words, the most frequent first, equals in the order of their letters.

    English is read in lower case, words and punctuation marks one token each. In Chinese the known words count, or else
    those that the dictionary of ``jieba`` finds; in a text that a person types, the fewest known words that spell it.
    """
    if _is_chinese(documents):
        counts = Counter(word for document in documents for word in words_of(document))
        return _fewest_words(_most_frequent(counts, vocabulary_size), counts)
    tokenizer = _spaced_words({})
    return _spaced_words(_numbered(_most_frequent(_count_words(tokenizer, documents), vocabulary_size)))


def encode_words(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    """Give the token numbers of each document, and where its words begin."""
    if is_chinese_words(tokenizer):
        yield from _known_words(tokenizer, documents)
        return
    for start in range(0, len(documents), _AT_ONCE):
        texts = [each.text for each in documents[start : start + _AT_ONCE]]
        tokenizer.encode_special_tokens = True
        some = tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        tokenizer.encode_special_tokens = False  # before anything is given away: who has read enough does not come back
        for encoded in some:
            yield np.array(encoded.ids, dtype=np.uint16), np.ones(len(encoded.ids), dtype=bool)


def words_of(document: Document) -> Sequence[str]:
    """Return the words of a Chinese document: the known ones, else what the dictionary finds."""
    return document.words if document.words is not None else cut(document.text)


def is_chinese_words(tokenizer: Tokenizer) -> bool:
    """Say whether a tokenizer reads Chinese words: the fewest that spell the text."""
    return type(tokenizer.model).__name__ == "Unigram" and type(tokenizer.decoder).__name__ == "Fuse"


def _is_chinese(documents: Sequence[Document]) -> bool:
    return language_of("\n".join(each.text for each in documents[:_SAMPLE])) == "zh"


def _most_frequent(counts: Counter[str], vocabulary_size: int) -> list[str]:
    by_frequency = sorted(counts, key=lambda word: (-counts[word], word))
    return [word for word in by_frequency if word not in SPECIAL_TOKENS][: vocabulary_size - len(SPECIAL_TOKENS)]


def _numbered(words: list[str]) -> dict[str, int]:
    return {token: token_id for token_id, token in enumerate([*SPECIAL_TOKENS, *words])}


def _spaced_words(vocabulary: dict[str, int]) -> Tokenizer:
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token=SPECIAL_TOKENS[UNK_ID]))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD), behavior="removed", invert=True)
    tokenizer.decoder = decoders.WordPiece(cleanup=False)  # joins with spaces
    if vocabulary:
        tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _count_words(tokenizer: Tokenizer, documents: Sequence[Document]) -> Counter[str]:
    normalise, pieces = tokenizer.normalizer.normalize_str, tokenizer.pre_tokenizer.pre_tokenize_str
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(word for word, _place in pieces(normalise(document.text)))
    return counts


def _fewest_words(words: list[str], counts: Counter[str]) -> Tokenizer:
    """Return a unigram model in which each word costs the same, so that the likeliest reading has the fewest words."""
    rarest = log(max(counts.total(), 2))
    scores = [-1.0 + _FREQUENCY_WEIGHT * log(counts[word] / counts.total()) / rarest for word in words]
    special = [(token, -_UNKNOWN_COST) for token in SPECIAL_TOKENS]
    tokenizer = Tokenizer(models.Unigram([*special, *zip(words, scores, strict=True)], unk_id=UNK_ID))
    tokenizer.pre_tokenizer = apart_from_special_tokens()
    tokenizer.decoder = decoders.Fuse()
    tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _known_words(tokenizer: Tokenizer, documents: Sequence[Document]) -> Iterator[tuple[TokenIds, BoolArray]]:
    """Look each word up; one that has no number is spelled with words that have, what is left becomes [UNK] one by one."""
    id_of = {token: token_id for token, token_id in tokenizer.get_vocab().items() if token not in SPECIAL_TOKENS}
    spelled = cache(lambda word: [id_of[word]] if word in id_of else encode_typed(tokenizer, word).ids)
    for document in documents:
        ids: list[int] = []
        begins: list[bool] = []
        for word in words_of(document):
            of_word = spelled(word)
            ids += of_word
            begins += [True, *([False] * (len(of_word) - 1))]
        yield np.array(ids, dtype=np.uint16), np.array(begins, dtype=bool)
