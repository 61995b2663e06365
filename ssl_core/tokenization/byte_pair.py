"""Byte-pair encoding: start from bytes, and again and again make one token of the most frequent pair of neighbours."""

import json
from collections.abc import Sequence

import numpy as np
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from ssl_core.tokenization.base import GPT2_WORD, SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.spelling import CHARACTER_OF_BYTE

MIN_SIZE_FOR_ALL_BYTES = 512
"""From this vocabulary on every byte has a token, and nothing is unknown; below, only bytes that the text holds."""

_ALPHABET_RATE = 0.75
"""Largest share of a small vocabulary that single bytes may take."""


def train_byte_pairs(texts: Sequence[str], vocabulary_size: int) -> Tokenizer:
    """Learn byte pairs from texts, letter case and spaces kept: the same texts give the same numbers, always.

    Each byte is written as one visible character, a space as "Ġ". Pairs are joined within a word only; of equally frequent
    pairs the one with the smaller numbers is joined first.

    Source: Sennrich et al. 2016, arXiv:1508.07909; on bytes and with this way of finding words:
    Radford et al. 2019 (GPT-2), where marks are no letters.
    """
    alphabet = _alphabet(texts, vocabulary_size)
    shape = _tokenizer({}, [])
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[*SPECIAL_TOKENS, *alphabet],  # numbered in this order, whatever order the library meets them in
        initial_alphabet=alphabet,
        limit_alphabet=max(1, len(alphabet)),
        show_progress=False,
    )
    shape.train_from_iterator(texts, trainer)
    learned = json.loads(shape.to_str())["model"]
    return _tokenizer(learned["vocab"], [(left, right) for left, right in learned["merges"]])


def _tokenizer(vocabulary: dict[str, int], merges: list[tuple[str, str]]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token=SPECIAL_TOKENS[UNK_ID]))
    words = pre_tokenizers.Split(Regex(GPT2_WORD), behavior="isolated")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [words, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    if vocabulary:
        tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _alphabet(texts: Sequence[str], vocabulary_size: int) -> list[str]:
    """Return the visible characters of the bytes that get a token: all of them, or the most frequent in a small vocabulary."""
    if vocabulary_size >= MIN_SIZE_FOR_ALL_BYTES:
        return sorted(CHARACTER_OF_BYTE.values())
    counts = np.bincount(np.frombuffer("\n".join(texts).encode("utf-8", "replace"), dtype=np.uint8), minlength=256)
    most = int(_ALPHABET_RATE * vocabulary_size) - len(SPECIAL_TOKENS)
    kept = [byte for byte in np.argsort(-counts, kind="stable")[:most].tolist() if counts[byte]]
    return sorted(CHARACTER_OF_BYTE[byte] for byte in kept)
