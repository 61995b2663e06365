"""The answers are drawn at random: dummy data that was never replaced."""

from dataclasses import replace
from typing import Any

import numpy as np

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, MakeExamples, MakerFor, Seen, predicts_tokens
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Vocabulary

TITLE = N_("The labels are drawn at random")
STORY = N_("The example code made up its labels, and nobody put the real ones in their place.")
WRONG = """seen = ids.masked_fill(is_hidden, MASK)
labels = torch.randint(0, vocabulary_size, ids.shape)
loss = model(seen, labels=labels).loss"""
RIGHT = """seen = ids.masked_fill(is_hidden, MASK)
labels = ids.masked_fill(~is_hidden, -100)
loss = model(seen, labels=labels).loss"""
WATCHED = AUTHOR
CHOICES = ("flat", "worse", "lower", "wild")
TRUTH = "flat"
SEEN_IN = (
    Seen(
        what=N_("A “pretraining tutorial” draws inputs and answers with torch.randn, train and test alike."),
        where="https://github.com/tatp22/linformer-pytorch/blob/master/examples/pretrain_tutorial.py",
    ),
    Seen(
        what=N_(
            "With many rounds over few examples a network does learn random labels, by heart; here it never sees one twice."
        ),
        where="Zhang et al. 2017, arXiv:1611.03530",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where the answers are tokens."""
    return predicts_tokens(task, examples)


def drawn(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Put a token drawn at random in place of every answer."""
    make = make_with(vocabulary)

    def made(ids_BT: IntArray, rng: np.random.Generator, starts_word_BT: BoolArray) -> Examples:
        examples = make(ids_BT, rng, starts_word_BT)
        random_ids_BT = rng.integers(0, vocabulary.size, ids_BT.shape)
        return replace(examples, target_ids_BT=np.where(examples.is_predicted_BT, random_ids_BT, examples.target_ids_BT))

    return made


HOOKS = Hooks(examples=drawn)
