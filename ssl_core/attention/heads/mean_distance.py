"""How far away a head looks."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.i18n import N_

TITLE = N_("Mean distance")
HELP = N_("How many tokens away the head looks, on average, whether back or ahead; itself is 0 away.")
FORMULA = r"D_i = \sum_j a_{ij} \, |i - j|"
SOURCE = N_(
    "Vig & Belinkov 2019, arXiv:1906.04284 (attention distance). Differs: there only texts that are read from left to right."
)
UNIT = "tokens"
RANGE = (0.0, None)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is any distance."""
    return sentence.num_tokens > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return the mean distance of what each token looks at, in tokens."""
    place_T = np.arange(sentence.num_tokens)
    values_LHT: FloatArray = (weights_LHTT * abs(place_T[:, None] - place_T[None, :])).sum(axis=-1)
    return values_LHT
