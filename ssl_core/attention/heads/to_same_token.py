"""How much a head looks at the same token elsewhere in the text."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import BoolArray, FloatArray, Sentence
from ssl_core.i18n import N_

TITLE = N_("To the same token elsewhere")
HELP = N_("Which share of its attention a token that occurs several times gives to its other occurrences.")
FORMULA = r"\sum_{j \ne i,\; x_j = x_i} a_{ij}"
SOURCE = N_("Wang et al. 2022, arXiv:2211.00593 (duplicate token heads). Differs: also ahead, where a network can look there.")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether any token that is no special one can see another like it."""
    return bool(_is_other_TT(sentence).any())


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token gives to others like it; nan for those that see none."""
    is_other_TT = _is_other_TT(sentence)
    return np.where(is_other_TT.any(axis=1), (weights_LHTT * is_other_TT).sum(axis=-1), np.nan)


def _is_other_TT(sentence: Sentence) -> BoolArray:
    is_same_TT = (sentence.ids_T[:, None] == sentence.ids_T[None, :]) & sentence.may_look_TT
    np.fill_diagonal(is_same_TT, False)
    return np.asarray(is_same_TT & ~sentence.is_special_T[:, None])
