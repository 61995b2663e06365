"""Permutation language modelling: predict some tokens in a drawn order, each from those that come before it in that order."""

# B batch, T tokens

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary

TITLE = N_("Permutation language modelling (PLM)")
ABBREVIATION = "PLM"
QUESTION = N_("Can words be predicted in any order, from both sides, and without a [MASK]?")
SOURCE = N_("Yang et al. 2019, XLNet, arXiv:1906.08237, sections 2.2 and 2.3; spans: section 3.1")
FORMULA = (
    r"\mathcal{L} = -\,\mathbb{E}_{z}\, \frac{1}{T-c}\sum_{t > c} "
    r"\log p_\theta\left(x_{z_t} \mid x_{z_1}, \dots, x_{z_{t-1}}\right)"
)
FAMILIES = ("xlnet",)
LOSSES = ("masked_cross_entropy",)
OBJECTIVE = "permutation"
PROBE = "fill"
READER = "in_order"
RECIPE = {
    "model": {"family": "xlnet", "size": "small", "context_tokens": 64},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
FEWEST_TARGETS_SHOWN = 3
NUM_STEPS_SHOWN = 4
"""So many predictions are shown one by one, the others together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How much is predicted, and in pieces of what length."""

    predicted_rate: float = knob(
        1 / 6, N_("Share predicted"),
        N_("Share of tokens at the end of the order, which are predicted; all others are seen from the start. XLNet took 1/6."),
        minimum=0.0, maximum=1.0, step=0.01,
    )  # fmt: skip
    longest_span: int = knob(
        5, N_("Longest piece predicted"),
        N_("Neighbouring tokens are chosen together, 1 to so many of them, every length as often."),
        minimum=1, maximum=20, step=1, unit=N_("tokens"),
    )  # fmt: skip


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Choose pieces of each text to predict and draw the order; the text itself stays as it is.

    ``ranks_BT`` is 0 for tokens that are seen from the start, then 1, 2, 3 … in the order drawn. Special tokens are always
    seen, and so is at least one token of a row; each row of two tokens predicts one at least, unless the share is 0.

    Source: Yang et al. 2019, sections 2.2 and 2.3. As in its code, the tokens that are not predicted all see each other;
    by the letter of section 2.2 each would see only those before it.
    """
    is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
    is_asked_BT = np.stack([_chosen(is_special_T, rng, config) for is_special_T in is_special_BT])
    draws_BT = np.where(is_asked_BT, rng.random(ids_BT.shape), np.inf)
    ranks_BT = np.where(is_asked_BT, draws_BT.argsort(axis=1).argsort(axis=1) + 1, 0)
    clean = Step.clean(ids_BT, vocabulary)
    steps = _steps(clean, ranks_BT, vocabulary.mask_id)
    return Examples(
        seen_ids_BT=ids_BT,
        target_ids_BT=np.where(is_asked_BT, ids_BT, IGNORED),
        roles_BT=steps[-1].roles_BT,
        attention="permutation",
        steps=steps,
        ranks_BT=ranks_BT,
    )


def content_mask(ranks_BT: npt.NDArray[np.integer]) -> BoolArray:
    """Return whether token i, which knows itself, sees token j, (B, T, T): those that come before it in the order."""
    return np.asarray(ranks_BT[:, None, :] <= ranks_BT[:, :, None])


def query_mask(ranks_BT: npt.NDArray[np.integer]) -> BoolArray:
    """Return whether the query for token i sees token j, (B, T, T): those before it, not itself; others have no query."""
    return np.asarray(ranks_BT[:, None, :] < ranks_BT[:, :, None])


def _chosen(is_special_T: BoolArray, rng: np.random.Generator, config: Config) -> BoolArray:
    """Go through a row in stretches of length / share tokens and choose a piece of that length somewhere in each.

    Source: Yang et al. 2019, section 3.1: a span of L tokens within a context of K L tokens.
    """
    T = len(is_special_T)
    is_asked_T = np.zeros(T, dtype=np.bool_)
    ordinary = np.flatnonzero(~is_special_T)
    if config.predicted_rate == 0 or T < 2 or not len(ordinary):
        return is_asked_T
    begin = 0
    while begin < T:
        length = int(rng.integers(1, config.longest_span + 1))
        stretch = max(length, round(length / config.predicted_rate))
        first = begin + int(rng.integers(0, stretch - length + 1))
        is_asked_T[first : first + length] = True
        begin += stretch
    is_asked_T &= ~is_special_T
    if not is_asked_T.any():
        is_asked_T[rng.choice(ordinary)] = True
    if is_asked_T.all():
        is_asked_T[rng.choice(ordinary)] = False
    return is_asked_T


def _steps(clean: Step, ranks_BT: IntArray, mask_id: int) -> tuple[Step, ...]:
    """Show the order at work: all predicted tokens vanish, and come back one after the other, as the first row has them."""
    is_asked_BT = ranks_BT > 0
    chosen = clean.then(
        N_("Choose pieces to predict; the others are seen from the start"), is_asked_BT, Role.PREDICTED_IN_ORDER
    )
    hidden = chosen.then(
        N_("Draw an order for them; at first none is seen, [MASK] only marks their places"), is_asked_BT, Role.HIDDEN, mask_id
    )
    titles = [N_("The first in the order is predicted from what is seen, and then seen itself")]
    titles += [N_("The next is predicted from all that is seen by now, and joins it")] * (NUM_STEPS_SHOWN - 1)
    steps = [clean, chosen, hidden]
    for rank, title in enumerate(titles, start=1):
        if rank < ranks_BT[:1].max(initial=0):
            steps.append(steps[-1].then(title, ranks_BT == rank, Role.PREDICTED_IN_ORDER, clean.ids_BT))
    last = N_("And so on: the last in the order is predicted from all others")
    return (*steps, steps[-1].then(last, is_asked_BT, Role.PREDICTED_IN_ORDER, clean.ids_BT))
