"""Copies of the same texts stand in the training part and in the held-out part."""

from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen, predicts_tokens

TITLE = N_("Duplicates in training and validation text")
STORY = N_("Each text stands twice in the collection, and the split puts one copy on either side.")
WRONG = """texts = load(collection)
shuffle(texts)
train, validation = texts[:n], texts[n:]"""
RIGHT = """texts = unique(load(collection))
shuffle(texts)
train, validation = texts[:n], texts[n:]"""
WATCHED = AUTHOR
CHOICES = ("lower", "same", "worse", "turns")
TRUTH = "lower"
SEEN_IN = (
    Seen(
        what=N_(
            "In widely used collections up to 13.6 % of the documents are near copies; over 4 % of validation text overlaps."
        ),
        where="Lee et al. 2022, arXiv:2107.06499",
    ),
    Seen(
        what=N_("Of the 2,225 files of BBC news 103 repeat another exactly; this app leaves them out before it splits."),
        where="Greene & Cunningham 2006, http://mlg.ucd.ie/datasets/bbc.html",
    ),
)
SETTING = {"training_tokens": 2_048}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where tokens are asked for, which can be learnt by heart."""
    return predicts_tokens(task, examples)


def copies(held_out: Any, training: Any) -> Any:
    """Take text that was trained on for held-out text; what is trained stays as it is."""
    return training


HOOKS = Hooks(judged_text=copies)
