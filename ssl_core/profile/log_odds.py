"""Which words set two texts apart: log-odds with an informative Dirichlet prior."""

# W words of either text

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

PRIOR_RATE = 0.05
"""How much the prior is worth, as a share of both texts together; a weak one hides words that one text lacks altogether."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """One word: how often it occurs here and there, and by how many standard deviations it belongs to the first text."""

    word: str
    here: int
    there: int
    z: float


def log_odds(
    here: Mapping[str, int], there: Mapping[str, int], *, num_here: int, num_there: int, prior_rate: float = PRIOR_RATE
) -> list[Apart]:
    """Return every word with its z-score, those of the first text first.

    For word w with y of n words in each text and a prior of a_w = a_0 * (its share of both texts together),
    delta_w = log((y + a_w) / (n + a_0 - y - a_w)) of the first text less the same of the second, its variance is about
    1 / (y_1 + a_w) + 1 / (y_2 + a_w), and z = delta / sqrt(variance). A word that is seen once never stands out.

    ``num_here`` and ``num_there`` count all words, also those that the mappings leave out.
    Source: Monroe, Colaresi & Quinn 2008, "Fightin' Words", Political Analysis 16(4), eqs. 15, 16, 19 and 22.
    """
    words, prior_words = sorted(here.keys() | there.keys()), prior_rate * (num_here + num_there)
    if not words:
        return []
    y1_W = np.array([here.get(word, 0) for word in words], dtype=np.float64)
    y2_W = np.array([there.get(word, 0) for word in words], dtype=np.float64)
    prior_W = prior_words * (y1_W + y2_W) / (num_here + num_there)
    odds1_W = np.log((y1_W + prior_W) / (num_here + prior_words - y1_W - prior_W))
    odds2_W = np.log((y2_W + prior_W) / (num_there + prior_words - y2_W - prior_W))
    z_W = (odds1_W - odds2_W) / np.sqrt(1 / (y1_W + prior_W) + 1 / (y2_W + prior_W))
    return [
        Apart(word=words[place], here=int(y1_W[place]), there=int(y2_W[place]), z=float(z_W[place]))
        for place in np.argsort(-z_W, kind="stable")
    ]
