"""Two heads that read one hidden vector: the smallest model with a joint loss."""

# V words, D width of the hidden vector (here 2, so that it can be drawn)

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ssl_core.formulas import binary_cross_entropy, cross_entropy, joint
from ssl_core.i18n import N_

TITLE = N_("Two heads on one hidden vector")
FORMULA = (
    r"\nabla_h \mathcal{L}_1 = W^\top (p - [\cdot = y]),"
    r" \qquad \nabla_h \mathcal{L}_2 = v\,(\sigma(v^\top h) - a)"
)
UNIT = N_("nats, and nats for each step of the hidden vector")
SOURCE = "Devlin et al. 2019, arXiv:1810.04805, § 3.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heads:
    """What is not learned here: how each head reads the hidden vector, and what is true."""

    words_VD: tuple[tuple[float, ...], ...]
    truth: int
    yes_D: tuple[float, ...]
    is_yes: bool


# the true word lies to the right, yes lies to the upper left: the two heads disagree about a part of the way
HEADS = Heads(words_VD=((1.6, 0.2), (0.3, 1.5), (-1.4, 0.4), (-0.2, -1.5)), truth=0, yes_D=(-1.1, 1.2), is_yes=True)


def two_heads(hidden_D: ArrayLike, heads: Heads = HEADS) -> NDArray[np.float64]:
    """Return the loss of the head that names the word and of the head that says yes or no, in nats."""
    h_D = np.asarray(hidden_D, dtype=np.float64)
    word = cross_entropy.cross_entropy(np.asarray(heads.words_VD) @ h_D, heads.truth)
    yes = binary_cross_entropy.binary_cross_entropy([np.dot(heads.yes_D, h_D)], [heads.is_yes])
    return np.array([word, yes])


def gradients(hidden_D: ArrayLike, heads: Heads = HEADS) -> NDArray[np.float64]:
    """Return how each of the two losses grows with the hidden vector, one row a loss: each head hands its error back."""
    h_D, words_VD, yes_D = (np.asarray(each, dtype=np.float64) for each in (hidden_D, heads.words_VD, heads.yes_D))
    from_word_D = cross_entropy.gradient(words_VD @ h_D, heads.truth) @ words_VD
    from_yes_D = binary_cross_entropy.gradient([yes_D @ h_D], [heads.is_yes])[0] * yes_D
    return np.stack([from_word_D, from_yes_D])


def together(hidden_D: ArrayLike, weights_K: ArrayLike, heads: Heads = HEADS) -> float:
    """Return the joint loss at one place."""
    return joint.joint(two_heads(hidden_D, heads), weights_K)
