"""What goes wrong when only half a word is hidden: the other half gives it away."""

# N tokens of a long text

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.pretext.base import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Leak:
    """How well one piece of a word is known by its other pieces."""

    place: int  # of the piece within its word
    num_places: int  # where in the text the other pieces stand like this around some token
    num_same: int  # at how many of these that token is this very piece
    share_anywhere: float  # how often the piece stands at any place at all

    @property
    def share_same(self) -> float:
        """How often a reader is right who looks at the other pieces alone."""
        return self.num_same / max(1, self.num_places)


def groups(starts_word_T: BoolArray, is_special_T: BoolArray) -> list[tuple[int, int]]:
    """Return the words of a row as [start, end); special tokens are words of their own."""
    begins = starts_word_T | is_special_T
    begins[1:] |= is_special_T[:-1]
    places = np.flatnonzero(begins | (np.arange(len(begins)) == 0)).tolist()
    return list(zip(places, [*places[1:], len(begins)], strict=True))


def leak(text_ids_N: npt.NDArray[np.integer], word_ids: Sequence[int], place: int) -> Leak:
    """Count in a text how well the piece at ``place`` is known by the other pieces of its word."""
    length = len(word_ids)
    num_windows = max(0, len(text_ids_N) - length + 1)
    fits_N = np.ones(num_windows, dtype=bool)
    for other, token_id in enumerate(word_ids):
        if other != place:
            fits_N &= text_ids_N[other : other + num_windows] == token_id
    same_N = text_ids_N[place : place + num_windows] == word_ids[place]
    return Leak(
        place=place,
        num_places=int(fits_N.sum()),
        num_same=int((fits_N & same_N).sum()),
        share_anywhere=float((text_ids_N == word_ids[place]).mean()) if len(text_ids_N) else 0.0,
    )


def worst(text_ids_N: npt.NDArray[np.integer], word_ids: Sequence[int]) -> Leak:
    """Return the leak of the piece that the others give away most surely, where that was seen often enough to say."""
    leaks = [leak(text_ids_N, word_ids, place) for place in range(len(word_ids))]
    return max(leaks, key=lambda each: (each.num_places > 1, each.share_same, each.num_places))
