"""Sentence-order prediction: do two neighbouring sentences stand the right way round?"""

# B windows, T tokens, N sentences, P pairs

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_, _
from ssl_core.pretext import Measure
from ssl_core.pretext.asked_pairs import PAIR_LINES, PAIR_RECIPE, Window, asked, neighbours, nothing_asked
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role, Vocabulary

TITLE = N_("Sentence-order prediction (SOP)")
ABBREVIATION = "SOP"
QUESTION = N_("Have the two sentences been swapped?")
SOURCE = N_("Lan et al. 2019, ALBERT, arXiv:1909.11942, section 3.1")
FORMULA = r"\mathcal{L} = -\ln p_\theta\left(y \mid \text{[CLS]}\,A\,\text{[SEP]}\,B\,\text{[SEP]}\right), \quad y \in \{0, 1\}"
FAMILIES = ("modernbert", "bert")
LOSSES = ("class_cross_entropy",)
OBJECTIVE = "pairs"
PROBE = "pair"
READER = "sentence_order"
RECIPE = PAIR_RECIPE
LINES = PAIR_LINES
MEASURES = {
    "accuracy": Measure(title=N_("Accuracy"), help=N_("Share of pairs told right. Tossing a coin gives 0.5."), chance=0.5),
    "recall_0": Measure(
        title=N_("Right order found"), help=N_("Share of the pairs left as they were which the model says were.")
    ),
    "recall_1": Measure(title=N_("Swaps found"), help=N_("Share of the swapped pairs which the model says were swapped.")),
}
NUM_CLASSES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How many pairs are swapped, and which may be."""

    swap_rate: float = knob(
        0.5, N_("Share of swapped pairs"), N_("Share of pairs in which the two sentences change places."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    inner_only: bool = knob(
        True, N_("Leave out first and last sentences"),
        N_(
            "The first and the last sentence of a document often give themselves away, whatever stands beside them. Where "
            "there are no others, they are taken all the same."
        ),
    )  # fmt: skip


def class_names(config: Config) -> tuple[str, ...]:
    """Name the answers in the current language."""
    return (_("right order"), _("swapped"))


def expected_classes(config: Config) -> tuple[float, float]:
    """Say how often each answer is right."""
    return (1 - config.swap_rate, config.swap_rate)


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Take two neighbouring sentences; in some pairs let them change places. Label 1: swapped.

    Both are always from one document, so the topic tells nothing. Every two neighbours in a window make a pair, so one window
    gives several rows.

    Source: Lan et al. 2019, section 3.1. Differs: single sentences instead of stretches of up to 512 tokens, and no token is
    hidden.
    """
    window = Window.of(ids_BT, vocabulary)
    first_P = neighbours(window, rng, inner_only=config.inner_only)
    if not len(first_P):
        return nothing_asked(window, NUM_CLASSES)
    is_swapped_P = rng.random(len(first_P)) < config.swap_rate
    before, after = (first_P, first_P + 1), (first_P + is_swapped_P, first_P + ~is_swapped_P)
    texts = (
        N_("Choose two neighbouring sentences"),
        N_("Lay them side by side: [CLS] A [SEP] B [SEP]"),
        N_("In some pairs let the two change places"),
    )
    return asked(window, before, after, Role.MOVED, texts, is_swapped_P.astype(np.int64), NUM_CLASSES)
