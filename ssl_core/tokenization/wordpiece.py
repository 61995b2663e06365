"""WordPiece: frequent words stay whole, rare ones are cut into pieces."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from ssl_core.pretext.base import BoolArray, IntArray
from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.spelling import CONTINUATION

_ALPHABET_RATE = 0.75
"""Largest share of the vocabulary that single characters may take."""

_RARE_RATE = 1e-5
"""A character that makes up less of the text than this gets no token of its own."""

_ALL_CODES = 0x110000


def train_wordpiece(texts: Sequence[str], vocabulary_size: int) -> Tokenizer:
    """Learn a WordPiece vocabulary from texts, in lower case: the same texts give the same numbers, always.

    The library numbers the pieces "##a", "##b" … as it meets them, in an order that differs from process to process, and
    breaks ties between equally frequent pairs by these numbers. So we fix the alphabet and its numbers beforehand.

    Source: Schuster & Nakajima 2012, "Japanese and Korean voice search"; the pairs are merged by frequency, as in
    Sennrich et al. 2016, arXiv:1508.07909, because that is what the tokenizers library does.
    """
    shape = _empty({})
    alphabet, continuing = _alphabet(shape, texts, int(_ALPHABET_RATE * vocabulary_size) - len(SPECIAL_TOKENS))
    trainer = trainers.WordPieceTrainer(
        vocab_size=vocabulary_size,
        special_tokens=[*SPECIAL_TOKENS, *alphabet, *(CONTINUATION + char for char in continuing)],
        initial_alphabet=alphabet,
        limit_alphabet=max(1, len(alphabet)),
        show_progress=False,
    )
    shape.train_from_iterator(texts, trainer)
    return _empty(shape.get_vocab(with_added_tokens=True))


def encode_wordpiece(tokenizer: Tokenizer, texts: Iterable[str]) -> list[npt.NDArray[np.uint16]]:
    """Return the token numbers of each text; "[MASK]" written in a text is read as the letters it is made of."""
    tokenizer.encode_special_tokens = True
    encoded = tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)
    tokenizer.encode_special_tokens = False
    return [np.array(each.ids, dtype=np.uint16) for each in encoded]


def _empty(vocabulary: dict[str, int]) -> Tokenizer:
    model = models.WordPiece(vocabulary, unk_token=SPECIAL_TOKENS[UNK_ID], continuing_subword_prefix=CONTINUATION)
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix=CONTINUATION)
    if vocabulary:
        tokenizer.add_special_tokens(list(SPECIAL_TOKENS))
    return tokenizer


def _alphabet(shape: Tokenizer, texts: Sequence[str], num_places: int) -> tuple[list[str], list[str]]:
    """Return the characters that get a token, and those of them that also occur inside of words ("##a").

    The most frequent come first, of equals the one with the smaller code, until no place is left.
    """
    counts, inside = _count_codes(shape, texts)
    frequent = np.flatnonzero(counts > _RARE_RATE * counts.sum())
    alphabet: list[str] = []
    continuing: list[str] = []
    for code in frequent[np.argsort(-counts[frequent], kind="stable")]:
        char, is_inside = chr(code), bool(inside[code])
        if char.isspace():
            continue
        num_places -= 1 + is_inside
        if num_places < 0:
            break
        alphabet.append(char)
        continuing += [char] if is_inside else []
    return sorted(alphabet), sorted(continuing)


def _count_codes(shape: Tokenizer, texts: Sequence[str]) -> tuple[IntArray, BoolArray]:
    """Count each character of the normalised texts, and say which ones ever follow another inside a word."""
    normalise, cut = shape.normalizer.normalize_str, shape.pre_tokenizer.pre_tokenize_str
    codes = np.frombuffer("\n".join(map(normalise, texts)).encode("utf-32-le", "replace"), dtype=np.uint32)
    counts = np.bincount(codes, minlength=_ALL_CODES)
    is_joined = np.zeros(_ALL_CODES, dtype=bool)
    for code in np.flatnonzero(counts):
        is_joined[code] = len(cut(normalise(f"a{chr(code)}a"))) == 1
    follows = is_joined[codes[1:]] & is_joined[codes[:-1]]
    return counts, np.bincount(codes[1:][follows], minlength=_ALL_CODES) > 0
