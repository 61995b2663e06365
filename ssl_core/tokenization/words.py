"""Where words begin, token by token."""

# N tokens of one text

import numpy as np
import numpy.typing as npt

from ssl_core.corpora.base import Document
from ssl_core.corpora.letters import is_letter, is_mark
from ssl_core.pretext.base import BoolArray, IntArray

_FIRST_MARK = 0x300
_CHINESE_RANGES = ((0x3005, 0x3007), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3134F))


def known_word_starts(document: Document, first_character_N: IntArray) -> BoolArray:
    """Return True for each token that begins one of the words that are known; a second piece of a character begins none."""
    assert document.words is not None, "asked for a document whose words are known"
    begins = np.zeros(len(document.text) + 1, dtype=bool)
    begins[np.cumsum([0, *map(len, document.words[:-1])])] = True
    return begins[first_character_N] & _is_new_character(first_character_N)


def word_starts(text: str, first_character_N: IntArray, word_N: IntArray) -> BoolArray:
    """Return True for each token with which the tokenizer begins a word, or that begins with a Chinese character.

    Chinese writes no spaces: between two of its punctuation marks all would else be one word. And no word begins at a vowel
    sign or an accent, nor right behind one, though GPT-2's way of finding words and its heirs cut there.
    """
    begins_N = np.ones(len(word_N), dtype=bool)
    begins_N[1:] = word_N[1:] != word_N[:-1]
    begins_N &= ~_is_held_by_mark(text)[first_character_N]
    return np.asarray(begins_N | (is_chinese(text)[first_character_N] & _is_new_character(first_character_N)))


def is_chinese(text: str) -> BoolArray:
    """Return True for each Chinese character of a text, and one False behind its end."""
    codes = _codes(text)
    return np.asarray(np.logical_or.reduce([(first <= codes) & (codes <= last) for first, last in _CHINESE_RANGES]))


def _is_held_by_mark(text: str) -> BoolArray:
    """Return True for each letter that a mark joins to the one before it, the mark included; one False behind the end."""
    codes = _codes(text)
    joined = np.zeros(len(codes), dtype=bool)
    if codes.max() < _FIRST_MARK:
        return joined
    different, place = np.unique(codes, return_inverse=True)
    mark = np.array([is_mark(chr(code)) for code in different])[place]
    letter = np.array([is_letter(chr(code)) for code in different])[place]
    joined[1:] = (mark[1:] & letter[:-1]) | (letter[1:] & mark[:-1])
    return joined


def _codes(text: str) -> npt.NDArray[np.uint32]:
    return np.frombuffer((text + "\0").encode("utf-32-le", "replace"), dtype=np.uint32)


def _is_new_character(first_character_N: IntArray) -> BoolArray:
    is_new_N = np.ones(len(first_character_N), dtype=bool)
    is_new_N[1:] = first_character_N[1:] != first_character_N[:-1]
    return is_new_N
