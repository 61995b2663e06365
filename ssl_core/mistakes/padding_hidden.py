"""Special tokens and padding are hidden and asked for, as if they were words."""

# B batch, T tokens

from dataclasses import replace
from typing import Any

import numpy as np

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, MakeExamples, MakerFor, Seen, predicts_in_place
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Vocabulary

TITLE = N_("Padding and special tokens are hidden too")
STORY = N_("Short texts are filled up with [PAD], and then [PAD] is hidden and asked for like a word.")
WRONG = """ids = pad(texts, to=64)
is_hidden = rand(ids.shape) < mask_rate
labels = ids.masked_fill(~is_hidden, -100)"""
RIGHT = """ids = pad(texts, to=64)
is_hidden = (rand(ids.shape) < mask_rate) & ~is_special(ids)
labels = ids.masked_fill(~is_hidden, -100)"""
WATCHED = AUTHOR
CHOICES = ("lower", "same", "worse", "turns")
TRUTH = "lower"
SEEN_IN = (
    Seen(
        what=N_("A library's own collator hid padding after three lines had been deleted by mistake."),
        where="https://github.com/huggingface/transformers/issues/11155",
    ),
    Seen(
        what=N_("Its documentation did not say that special tokens are only spared if they are named."),
        where="https://github.com/huggingface/transformers/issues/15609",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where tokens are hidden."""
    return predicts_in_place(task, examples)


def padding_hidden(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Take one text a row, fill it up with padding, and let nothing be spared from hiding."""
    make = make_with(replace(vocabulary, special_ids=()))

    def made(ids_BT: IntArray, rng: np.random.Generator, starts_word_BT: BoolArray) -> Examples:
        rows = [one_text(ids_T, vocabulary) for ids_T in ids_BT]
        padded_BT = np.full_like(ids_BT, vocabulary.pad_id)
        for row, text in enumerate(rows):
            padded_BT[row, : len(text)] = text
        return make(padded_BT, rng, np.ones_like(starts_word_BT))

    return made


def one_text(ids_T: IntArray, vocabulary: Vocabulary) -> IntArray:
    """Return one text of a row, its [SEP] included: a whole one if there is one, else what there is of one."""
    ends = np.flatnonzero(ids_T == vocabulary.sep_id)
    if len(ends) > 1:
        return ids_T[ends[0] + 1 : ends[1] + 1]
    return ids_T[: ends[0] + 1] if len(ends) else ids_T


HOOKS = Hooks(examples=padding_hidden)
