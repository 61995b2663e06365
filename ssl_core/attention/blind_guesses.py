"""What finds some arcs without looking at a word: always as far away, always the same place, or as far away as is usual.

Each is chosen on some arcs (``choose``) and says of others how likely it hits each (``hits_A``). A guess at a distance drawn at
random is not drawn: how likely it hits is worked out.
"""

# A arcs, K different offsets

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.attention.heads.sentence import FloatArray, IntArray
from ssl_core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Where arcs begin and how far they reach, all that a blind guess may know."""

    place_A: IntArray  # of the asking word in its story, from 0
    offset_A: IntArray  # from there to the right word
    num_words_A: IntArray  # of the story


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """A guess that is chosen: where it looks (None: not always the same), and how likely it hits each of some arcs."""

    at: int | None
    hits_A: Callable[[Arcs], FloatArray]


def same_offset(known: Arcs) -> Guess:
    """Look always as far away: at the offset that hits most of the arcs that are known.

    Source: Clark et al. 2019, arXiv:1906.04341, section 4.2 (the baseline of table 1).
    """
    offset = _most_usual(known.offset_A)
    return Guess(at=offset, hits_A=lambda arcs: (arcs.offset_A == offset).astype(np.float64))


def same_place(known: Arcs) -> Guess:
    """Look always at the same word, counted from the beginning: stories name the person and the place first."""
    place = _most_usual(known.place_A + known.offset_A)
    return Guess(at=place, hits_A=lambda arcs: (arcs.place_A + arcs.offset_A == place).astype(np.float64))


def usual_distance(known: Arcs) -> Guess:
    """Look at an offset drawn from those of the arcs that are known; only offsets that stay within the text are drawn."""
    offsets_K, counts_K = np.unique(known.offset_A, return_counts=True)

    def hits_A(arcs: Arcs) -> FloatArray:
        reached_AK = arcs.place_A[:, None] + offsets_K
        counts_AK = counts_K * ((reached_AK >= 0) & (reached_AK < arcs.num_words_A[:, None]))
        right_A = (counts_AK * (offsets_K == arcs.offset_A[:, None])).sum(axis=1)
        return np.asarray(right_A / np.maximum(counts_AK.sum(axis=1), 1))

    return Guess(at=None, hits_A=hits_A)


GUESSES: dict[str, tuple[str, Callable[[Arcs], Guess]]] = {
    "offset": (N_("always as many words away"), same_offset),
    "place": (N_("always the same word, counted from the beginning"), same_place),
    "distance": (N_("a word at random, as far away as is usual"), usual_distance),
}
"""What a head is compared with: key -> (title, how it is chosen)."""


def _most_usual(numbers: npt.NDArray[np.int64]) -> int:
    """Return the number that comes most often; of several the one nearest to 0."""
    numbers_K, counts_K = np.unique(numbers, return_counts=True)
    return int(min(zip(-counts_K, abs(numbers_K), numbers_K, strict=True))[2])
