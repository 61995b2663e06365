"""Zipf's law: the second most frequent word is half as frequent as the first, the third a third …"""

# R words by rank: the most frequent first

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FIRST_RANK, LAST_RANK = 10, 1000
"""Between these ranks the line is fitted: above, a few function words decide; below, counts are too small to be smooth."""

NUM_PLACES = 60
MIN_WORDS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Zipf:
    """The straight line through the frequencies on two logarithmic axes: count = factor * rank ** -exponent."""

    exponent: float
    factor: float
    first_rank: int
    last_rank: int

    def count(self, rank: float) -> float:
        """Return what the line says of a rank."""
        return float(self.factor * rank**-self.exponent)


def fit(count_R: npt.NDArray[np.integer]) -> Zipf | None:
    """Fit the line by least squares to the logarithms at ranks that are evenly spread on their axis.

    ``count_R`` falls. None where there are too few words for a line.
    Source: Zipf 1949, "Human Behavior and the Principle of Least Effort". Least squares is what the eye does on such a plot;
    as an estimate it is biased (Clauset et al. 2009, arXiv:0706.1062), so read one decimal of the exponent.
    """
    last = min(LAST_RANK, int(np.count_nonzero(count_R > 1)))
    if last < FIRST_RANK + MIN_WORDS:
        return None
    ranks = np.unique(np.geomspace(FIRST_RANK, last, NUM_PLACES).round().astype(int))
    slope, offset = np.polyfit(np.log(ranks), np.log(count_R[ranks - 1]), 1)
    return Zipf(exponent=float(-slope), factor=float(np.exp(offset)), first_rank=FIRST_RANK, last_rank=last)


def places(num_ranks: int, num_points: int = 90) -> npt.NDArray[np.int64]:
    """Return the ranks to draw: all of the first ones, then evenly spread on a logarithmic axis."""
    if num_ranks < 1:
        return np.zeros(0, dtype=np.int64)
    return np.unique(np.geomspace(1, num_ranks, num_points).round().astype(np.int64))
