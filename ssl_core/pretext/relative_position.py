"""Relative position: how far apart, and in which order, are two sentences of a text?"""

# B windows, T tokens, N sentences, P pairs

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_, _
from ssl_core.pretext import Measure
from ssl_core.pretext.asked_pairs import PAIR_LINES, PAIR_RECIPE, Window, asked, nothing_asked
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role, Vocabulary

TITLE = N_("Relative position prediction")
ABBREVIATION = "RelPos"
QUESTION = N_("How far apart, and in which order, are two pieces of a text?")
SOURCE = N_(
    "Doersch et al. 2015, arXiv:1505.05192, for patches of pictures; its kin for sentences: Sun et al. 2019, ERNIE 2.0, "
    "arXiv:1907.12412 (sentence distance), and Wang et al. 2019, StructBERT, arXiv:1908.04577"
)
FORMULA = (
    r"\mathcal{L} = -\ln p_\theta\left(\operatorname{bucket}(j - i) \mid "
    r"\text{[CLS]}\,s_i\,\text{[SEP]}\,s_j\,\text{[SEP]}\right)"
)
FAMILIES = ("modernbert", "bert")
LOSSES = ("class_cross_entropy",)
OBJECTIVE = "pairs"
PROBE = "pair"
READER = "relative_position"
RECIPE = PAIR_RECIPE
LINES = PAIR_LINES
MEASURES = {
    "accuracy": Measure(
        title=N_("Accuracy"),
        help=N_(
            "Share of pairs whose distance and order are both told right. With three distances there are six answers; always "
            "giving the commonest is right about once in three times."
        ),
    ),
    "order": Measure(
        title=N_("Order told right"), help=N_("Share of pairs of which the model knows which comes first."), chance=0.5
    ),
}
MOST_DISTANCES = 8
MOST_APART = 32  # sentences: in one window there are seldom more


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How finely distances are told apart."""

    num_distances: int = knob(
        3, N_("Distances told apart"),
        N_("1 asks for the order only; 3 for neighbours, one sentence between, or more. Each counts in both directions."),
        minimum=1, maximum=MOST_DISTANCES, step=1,
    )  # fmt: skip
    inner_only: bool = knob(
        True, N_("Leave out first and last sentences"),
        N_(
            "The first and the last sentence of a document often give themselves away, whatever stands beside them. Where "
            "there are no others, they are taken all the same."
        ),
    )  # fmt: skip

    @property
    def classes_per_order(self) -> int:
        """How many answers there are for each of the two orders; those of one order stand together."""
        return self.num_distances


def class_names(config: Config) -> tuple[str, ...]:
    """Name the answers in the current language: B after A, from near to far, then B before A."""
    most = config.num_distances
    after = [_("B {n} after A").format(n=n) for n in range(1, most)] + [_("B {n}+ after A").format(n=most)]
    before = [_("B {n} before A").format(n=n) for n in range(1, most)] + [_("B {n}+ before A").format(n=most)]
    return (*after, *before)


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Take any two sentences of a document, half of the time the later one first. Labels are numbered as ``class_names``.

    Every two sentences of a document in a window make a pair, so one window gives several rows, and near ones are more
    frequent than far ones.

    Source: Doersch et al. 2015 ask which of eight places around one patch of a picture another has. Differs: a text has one
    dimension, so a place is how many sentences before or after; the papers on sentences ask for fewer distances, and not for
    the order.
    """
    window = Window.of(ids_BT, vocabulary)
    early_P, late_P = window.some(*_pairs_of_documents(window, inner_only=config.inner_only), rng)
    if not len(early_P):
        return nothing_asked(window, 2 * config.num_distances)
    is_turned_P = rng.random(len(early_P)) < 0.5
    first_P, second_P = np.where(is_turned_P, late_P, early_P), np.where(is_turned_P, early_P, late_P)
    labels_P = np.minimum(late_P - early_P, config.num_distances) - 1 + config.num_distances * is_turned_P
    texts = (
        N_("Choose two sentences of one document"),
        N_("Lay them side by side: [CLS] A [SEP] B [SEP]"),
        N_("In half of the pairs let the later one come first"),
    )
    before, after = (early_P, late_P), (first_P, second_P)
    return asked(window, before, after, Role.MOVED, texts, labels_P, 2 * config.num_distances)


def _pairs_of_documents(window: Window, *, inner_only: bool) -> tuple[IntArray, IntArray]:
    """Return the numbers of the earlier and the later sentence of every pair that may be asked about."""
    document_N = window.spans.document_N
    early, late = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for distance in range(1, min(len(document_N), MOST_APART + 1)):
        early.append(np.flatnonzero(document_N[:-distance] == document_N[distance:]))
        late.append(early[-1] + distance)
    early_P, late_P = np.concatenate(early), np.concatenate(late)
    if inner_only and len(early_P):
        is_inner_P = window.is_inner_N[early_P] & window.is_inner_N[late_P]
        if is_inner_P.any():
            early_P, late_P = early_P[is_inner_P], late_P[is_inner_P]
    is_taken_P = window.best(early_P, late_P)
    return early_P[is_taken_P], late_P[is_taken_P]
