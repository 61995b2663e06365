"""Uniformity: how well the points use all the room there is."""

# B points, D width

import numpy as np
from numpy.typing import ArrayLike

from ssl_core.errors import UserError
from ssl_core.i18n import N_

TITLE = N_("Uniformity")
FORMULA = r"\ell_{\text{uniform}} = \ln \operatorname*{mean}_{i<j} e^{-2\lVert z_i - z_j \rVert^2}"
UNIT = N_("a logarithm, 0 when all points coincide, less when they spread")
SOURCE = "Wang & Isola 2020, arXiv:2005.10242, § 4.1 (t = 2)"


def uniformity(z_BD: ArrayLike) -> float:
    """Return the logarithm of the average closeness of two different points; rows have length 1.

    0: all points coincide. The lower, the more evenly they are spread.
    Raises: UserError if there are fewer than two points.
    """
    rows_BD = np.asarray(z_BD, dtype=np.float64)
    if len(rows_BD) < 2:
        raise UserError(N_("Uniformity compares points with each other: take two or more."))
    first_P, second_P = np.triu_indices(len(rows_BD), k=1)  # P different pairs of points
    squared_P = ((rows_BD[first_P] - rows_BD[second_P]) ** 2).sum(axis=1)
    return float(np.log(np.exp(-2.0 * squared_P).mean()))
