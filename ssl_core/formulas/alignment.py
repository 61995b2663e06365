"""Alignment: how far partners are from each other."""

# B pairs, D width

import numpy as np
from numpy.typing import ArrayLike

from ssl_core.i18n import N_

TITLE = N_("Alignment")
FORMULA = r"\ell_{\text{align}} = \frac1B \sum_i \lVert z_i - z'_i \rVert^2"
UNIT = N_("squared distance, 0 to 4")
SOURCE = "Wang & Isola 2020, arXiv:2005.10242, § 4.1 (α = 2)"


def alignment(z1_BD: ArrayLike, z2_BD: ArrayLike) -> float:
    """Average the squared distance between the two views of each text; rows have length 1. 0: all partners lie together."""
    apart_BD = np.asarray(z1_BD, dtype=np.float64) - np.asarray(z2_BD, dtype=np.float64)
    return float((apart_BD**2).sum(axis=1).mean())
