"""From a long row of tokens to windows of it; the held-out ones are the same for every run. No torch here."""

# B sequences, T tokens

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core import pretext
from ssl_core.config import Config
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Labels, Vocabulary
from ssl_core.tokenization.base import TokenizedCorpus

HELD_OUT_SEED = 20_02_02  # fixed, so that the lines on a chart stand for exactly what every run is measured on

MakeExamples = Callable[..., Examples]
"""From clean ids_BT, a random generator and whatever ``Text.windows`` gives beside the ids to examples."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A long row of tokens and, for each, whether it begins a word; with labels only where examples are made with them."""

    ids: npt.NDArray[np.uint16]
    starts_word: npt.NDArray[np.bool_]
    labels: Labels | None = None

    @classmethod
    def of(cls, tokenized: TokenizedCorpus, part: str, labels: Labels | None = None) -> "Text":
        """Return one part of a tokenised corpus: "train", "validation" or "test"."""
        return cls(ids=getattr(tokenized, f"{part}_ids"), starts_word=getattr(tokenized, f"{part}_word_starts"), labels=labels)

    def first(self, num_tokens: int | None) -> "Text":
        """Return the beginning of the text; None means all of it."""
        begin = slice(num_tokens)
        labels = None if self.labels is None else self.labels.at(begin)
        return Text(ids=self.ids[begin], starts_word=self.starts_word[begin], labels=labels)

    def windows(self, starts_B: IntArray, context_tokens: int) -> tuple[IntArray, tuple[Any, ...]]:
        """Return ids_BT of the windows that begin at ``starts_B``, and beside them starts_word_BT and, if known, labels."""
        places_BT = starts_B[:, None] + np.arange(context_tokens)
        starts_word_BT = np.asarray(self.starts_word[places_BT])
        labels = () if self.labels is None else (self.labels.at(places_BT),)
        return self.ids[places_BT].astype(np.int64), (starts_word_BT, *labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutWindows:
    """Windows set aside: the clean text, where its words begin, and the examples made of it."""

    ids_BT: IntArray
    starts_word_BT: BoolArray
    examples: Examples


def maker(task: str, settings: Config, vocabulary: Vocabulary) -> MakeExamples:
    """Return how the task called ``task`` makes its examples under these settings."""
    make_examples = pretext.task(task).make_examples

    def make(ids_BT: IntArray, rng: np.random.Generator, *beside: Any) -> Examples:
        examples: Examples = make_examples(ids_BT, rng, settings, vocabulary, *beside)
        return examples

    return make


def held_out_windows(text: Text, make_examples: MakeExamples, *, num_sequences: int, context_tokens: int) -> HeldOutWindows:
    """Set windows of a held-out text aside, spread evenly over it, and make examples of them.

    They do not overlap; a short text gives fewer than asked for.
    Raises: UserError if nothing in them is to be predicted.
    """
    num_windows = len(text.ids) // context_tokens
    assert num_windows, "a text must fill at least one sequence"
    chosen = np.linspace(0, num_windows - 1, min(num_sequences, num_windows)).astype(np.int64)
    ids_BT, beside = text.windows(chosen * context_tokens, context_tokens)
    examples = make_examples(ids_BT, np.random.default_rng(HELD_OUT_SEED), *beside)
    if not examples.asks_anything:
        raise nothing_to_predict()
    return HeldOutWindows(ids_BT=ids_BT, starts_word_BT=beside[0], examples=examples)


def in_use(make_examples: MakeExamples) -> MakeExamples:
    """Make the same examples with nothing hidden in them."""

    def made(ids_BT: IntArray, rng: np.random.Generator, *beside: Any) -> Examples:
        return make_examples(ids_BT, rng, *beside).in_use()

    return made


def nothing_to_predict() -> UserError:
    """Return the message for settings that hide nothing."""
    return UserError(
        N_("Nothing is asked of this text, so nothing can be learnt: hide more of it, or give more text with whole sentences.")
    )
