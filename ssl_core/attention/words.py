"""From attention between tokens to attention between words, where a word may be several tokens."""

# L layers, H heads, T tokens, W words

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ssl_core.attention.heads.sentence import BoolArray

Places = Sequence[tuple[int, int]]
"""Characters [start, end) of a text."""


def word_places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where each of a text's words stands in it; blanks between them and capitals don't matter."""
    found, position, small = [], 0, text.lower()
    for word in words:
        start = small.index(word.lower(), position)
        assert not text[position:start].strip(), f"{word!r} does not come next in this text"
        position = start + len(word)
        found.append((start, position))
    return found


def covers_WT(words: Places, tokens: Sequence[tuple[int, int] | None]) -> BoolArray:
    """Return True where a token stands for (part of) a word; a token that stands for two words counts for both.

    ``tokens`` are the characters of each token, None for special ones.
    """
    starts_T, ends_T = (np.array([each[side] if each else -1 for each in tokens]) for side in (0, 1))
    starts_W, ends_W = (np.array([each[side] for each in words]) for side in (0, 1))
    return np.asarray((starts_T[None, :] < ends_W[:, None]) & (ends_T[None, :] > starts_W[:, None]))


def between_words(weights_LHTT: npt.NDArray[np.floating], covers_WT: BoolArray) -> npt.NDArray[np.floating]:
    """Return weights_LHWW: what a word gives is the mean over its pieces, what it gets is their sum.

    Source: Clark et al. 2019, arXiv:1906.04341, section 4.1.
    """
    if (covers_WT.sum(axis=1) == 1).all():  # one token a word, as is usual
        place_W = covers_WT.argmax(axis=1)
        return weights_LHTT[..., place_W[:, None], place_W[None, :]]
    gets_TW = covers_WT.T.astype(weights_LHTT.dtype)
    gives_WT = covers_WT / np.maximum(covers_WT.sum(axis=1, keepdims=True), 1)
    return np.asarray(gives_WT.astype(weights_LHTT.dtype) @ (weights_LHTT @ gets_TW))
