"""Next-sentence prediction: does the second sentence follow the first, or is it from elsewhere?"""

# B windows, T tokens, N sentences, P pairs

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.config import knob
from ssl_core.i18n import N_, _
from ssl_core.pretext import Measure
from ssl_core.pretext.asked_pairs import MAX_DRAWS, PAIR_LINES, PAIR_RECIPE, Window, asked, neighbours, nothing_asked
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role, Vocabulary

TITLE = N_("Next-sentence prediction (NSP)")
ABBREVIATION = "NSP"
QUESTION = N_("Does the second sentence follow the first?")
SOURCE = N_(
    "Devlin et al. 2018, BERT, arXiv:1810.04805, section 3.1, task 2; doubts: Liu et al. 2019, RoBERTa, arXiv:1907.11692"
)
FORMULA = r"\mathcal{L} = -\ln p_\theta\left(y \mid \text{[CLS]}\,A\,\text{[SEP]}\,B\,\text{[SEP]}\right), \quad y \in \{0, 1\}"
FAMILIES = ("modernbert", "bert")
LOSSES = ("class_cross_entropy",)
OBJECTIVE = "pairs"
PROBE = "pair"
READER = "next_sentence"
RECIPE = PAIR_RECIPE
LINES = PAIR_LINES
MEASURES = {
    "accuracy": Measure(title=N_("Accuracy"), help=N_("Share of pairs told right. Tossing a coin gives 0.5."), chance=0.5),
    "recall_1": Measure(
        title=N_("True pairs found"), help=N_("Share of the pairs that follow each other which the model says do.")
    ),
    "recall_0": Measure(
        title=N_("Strangers found"), help=N_("Share of the sentences from elsewhere which the model says are.")
    ),
}
NEGATIVES = {
    "document": N_("another document"),
    "same_document": N_("another place of the same document"),
}
SAME_DOCUMENT = {"negatives": "same_document"}
NUM_CLASSES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """How many pairs are true, and where the others come from."""

    true_rate: float = knob(
        0.5, N_("Share of true pairs"), N_("Share of pairs in which the second sentence really follows the first."),
        minimum=0.0, maximum=1.0, step=0.05,
    )  # fmt: skip
    negatives: str = knob(
        "document", N_("Strangers come from"),
        N_(
            "Where the second sentence of the other pairs is taken from. One of another document gives itself away by its "
            "topic; one of the same document does not. A text of one document gives strangers from its own other places."
        ),
        choices=NEGATIVES,
    )  # fmt: skip


def class_names(config: Config) -> tuple[str, ...]:
    """Name the answers in the current language."""
    return (_("elsewhere"), _("B follows A"))


def expected_classes(config: Config) -> tuple[float, float]:
    """Say how often each answer is right, where strangers are to be had."""
    return (1 - config.true_rate, config.true_rate)


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
) -> Examples:
    """Take sentences and the ones after them; in some pairs put a stranger in the second place. Label 1: B follows A.

    Every two neighbours in a window make a pair, so one window gives several rows. Strangers are second sentences of other
    pairs, so that no sentence gives itself away by where in a document it stands.

    Source: Devlin et al. 2018, section 3.1. Differs: single sentences instead of stretches of up to 512 tokens, and no token
    is hidden.
    """
    window = Window.of(ids_BT, vocabulary)
    first_P = neighbours(window, rng)
    if not len(first_P):
        return nothing_asked(window, NUM_CLASSES)
    stranger_P = _from_another_document if config.negatives == "document" else _from_the_same_document
    other_P = stranger_P(window, first_P, rng)
    if config.negatives == "document" and (other_P < 0).all():
        other_P = _from_the_same_document(window, first_P, rng)
    is_true_P = (rng.random(len(first_P)) < config.true_rate) | (other_P < 0)
    second_P = np.where(is_true_P, first_P + 1, other_P)
    texts = (
        N_("Choose a sentence and the one after it"),
        N_("Lay them side by side: [CLS] A [SEP] B [SEP]"),
        N_("In some pairs put a sentence from elsewhere in place of the second"),
    )
    labels_P = is_true_P.astype(np.int64)
    return asked(window, (first_P, first_P + 1), (first_P, second_P), Role.REPLACED, texts, labels_P, NUM_CLASSES)


def _from_another_document(window: Window, first_P: IntArray, rng: np.random.Generator) -> IntArray:
    """Return for each pair the second sentence of a pair from another document; -1 where none was found."""
    document_N, seconds = window.spans.document_N, first_P + 1
    found_P = np.full(len(first_P), -1)
    for _draw in range(MAX_DRAWS):
        drawn_P = seconds[rng.integers(0, len(seconds), len(first_P))]
        is_other_P = (found_P < 0) & (document_N[drawn_P] != document_N[first_P])
        found_P = np.where(is_other_P, drawn_P, found_P)
    return found_P


def _from_the_same_document(window: Window, first_P: IntArray, rng: np.random.Generator) -> IntArray:
    """Return for each pair a sentence of its document that is neither of its two; -1 where none was found."""
    document_N = window.spans.document_N
    begin_P = np.searchsorted(document_N, document_N[first_P], side="left")
    end_P = np.searchsorted(document_N, document_N[first_P], side="right")
    is_allowed_N = window.is_good_N if window.is_good_N[first_P].all() else np.ones(len(document_N), dtype=np.bool_)
    found_P = np.full(len(first_P), -1)
    for _draw in range(MAX_DRAWS):
        drawn_P = rng.integers(begin_P, end_P)
        is_other_P = (found_P < 0) & (drawn_P != first_P) & (drawn_P != first_P + 1) & is_allowed_N[drawn_P]
        found_P = np.where(is_other_P, drawn_P, found_P)
    return found_P
