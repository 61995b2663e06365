"""Where words begin, token by token."""

# N tokens of one text

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from ssl_core.corpora.base import Document
from ssl_core.pretext.base import BoolArray, Vocabulary
from ssl_core.tokenization.base import is_wordpiece


def word_starts(document: Document, ids_N: npt.NDArray[np.uint16], tokenizer: Tokenizer, vocabulary: Vocabulary) -> BoolArray:
    """Return True for each token that begins a word.

    Known words decide; else what the tokenizer says ("##ing" begins none); else each token counts as a word.
    """
    if document.words is not None:
        return _begins_known_word(document.words, len(document.text))[_first_characters(document.text, ids_N, tokenizer)]
    if vocabulary.continues_word_V is not None:
        return ~vocabulary.continues_word_V[ids_N]
    return np.ones(len(ids_N), dtype=bool)


def _begins_known_word(words: tuple[str, ...], num_characters: int) -> BoolArray:
    begins = np.zeros(num_characters, dtype=bool)
    begins[np.cumsum([0, *map(len, words[:-1])])] = True
    return begins


def _first_characters(text: str, ids_N: npt.NDArray[np.uint16], tokenizer: Tokenizer) -> npt.NDArray[np.int64]:
    if not is_wordpiece(tokenizer):
        return np.arange(len(ids_N))
    tokenizer.encode_special_tokens = True
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    tokenizer.encode_special_tokens = False
    return np.array([start for start, _end in offsets], dtype=np.int64)
