"""InfoNCE: pick your own partner out of a crowd."""

# B pairs, D width; row i of z1 and row i of z2 are two views of one text

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.errors import UserError
from ssl_core.formulas.softmax import log_softmax, softmax
from ssl_core.i18n import N_

TITLE = N_("InfoNCE")
FORMULA = r"\mathcal{L} = -\frac1B \sum_i \ln \frac{e^{\cos(z_i, z'_i)/\tau}}{\sum_j e^{\cos(z_i, z'_j)/\tau}}"
UNIT = N_("nats for each anchor")
SOURCE = "van den Oord et al. 2018, arXiv:1807.03748, eq. 4; Gao et al. 2021, arXiv:2104.08821, eq. 1"


def similarities(z1_BD: ArrayLike, z2_BD: ArrayLike) -> NDArray[np.float64]:
    """Return the cosine between each row of z1 and each row of z2: 1 same direction, 0 at right angles, -1 opposite."""
    cosines_BB: NDArray[np.float64] = _unit(z1_BD) @ _unit(z2_BD).T
    return cosines_BB


def info_nce(z1_BD: ArrayLike, z2_BD: ArrayLike, temperature: float) -> float:
    """Ask each row of z1 to pick its own partner among all rows of z2: a softmax over cosines.

    Returns: nats per anchor; ln B when all embeddings coincide.
    Raises:  UserError if there are fewer than two pairs: no negatives exist.
    """
    cosines_BB = similarities(z1_BD, z2_BD)
    if len(cosines_BB) < 2:
        raise UserError(N_("InfoNCE needs others to tell a partner from: take two pairs or more."))
    return float(surprises(cosines_BB, temperature).mean())


def surprises(cosines_BB: ArrayLike, temperature: float) -> NDArray[np.float64]:
    """Return what each anchor's choice costs, in nats: its partner stands in the column of its own number."""
    costs_B: NDArray[np.float64] = -np.diagonal(log_softmax(cosines_BB, temperature))
    return costs_B


def chance_nats(num_pairs: int) -> float:
    """Return what picking blindly costs: ln B. Any loss below it tells partners from strangers."""
    return float(np.log(num_pairs))


def accuracy(z1_BD: ArrayLike, z2_BD: ArrayLike) -> float:
    """Return how many rows of z1 have their own partner nearer than any other row of z2; a tie does not count."""
    cosines_BB = similarities(z1_BD, z2_BD)
    is_other_BB = ~np.eye(len(cosines_BB), dtype=bool)
    best_other_B = np.where(is_other_BB, cosines_BB, -np.inf).max(axis=1)
    return float((best_other_B < np.diagonal(cosines_BB) - 1e-9).mean())  # 1e-9: coinciding points differ by rounding


def gradient(z1_BD: ArrayLike, z2_BD: ArrayLike, temperature: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how the loss grows with each coordinate of z1 and of z2.

    Lengths don't matter to a cosine, so each row's gradient stands at right angles to the row.
    """
    u1_BD, u2_BD = _unit(z1_BD), _unit(z2_BD)
    too_much_BB = softmax(u1_BD @ u2_BD.T, temperature) - np.eye(len(u1_BD))  # what softmax gives, less what is right
    pull1_BD, pull2_BD = (each @ u for each, u in ((too_much_BB, u2_BD), (too_much_BB.T, u1_BD)))
    scale = 1.0 / (len(u1_BD) * temperature)
    return _across(scale * pull1_BD, u1_BD, z1_BD), _across(scale * pull2_BD, u2_BD, z2_BD)


def _unit(z_BD: ArrayLike) -> NDArray[np.float64]:
    rows_BD = np.asarray(z_BD, dtype=np.float64)
    scaled_BD: NDArray[np.float64] = rows_BD / np.linalg.norm(rows_BD, axis=1, keepdims=True)
    return scaled_BD


def _across(gradient_BD: NDArray[np.float64], u_BD: NDArray[np.float64], z_BD: ArrayLike) -> NDArray[np.float64]:
    """Keep the part of a gradient that turns a row, and leave out the part that only stretches it."""
    along_B1 = (gradient_BD * u_BD).sum(axis=1, keepdims=True)
    turned_BD: NDArray[np.float64] = (gradient_BD - along_B1 * u_BD) / np.linalg.norm(z_BD, axis=1, keepdims=True)
    return turned_BD
