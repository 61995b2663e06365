"""Always the same two positions are hidden, whatever the text."""

# B batch, T tokens

from dataclasses import replace
from typing import Any

import numpy as np

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, MakeExamples, MakerFor, Seen, predicts_in_place
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Vocabulary

TITLE = N_("Always the same two positions are hidden")
STORY = N_("The positions are drawn once, or written down as numbers, and then used for every row.")
WRONG = """is_hidden = zeros_like(ids, dtype=bool)
is_hidden[:, [5, 9]] = True"""
RIGHT = """is_hidden = torch.rand(ids.shape) < mask_rate
is_hidden &= ~is_special(ids)"""
WATCHED = AUTHOR
CHOICES = ("lower", "same", "worse", "flat")
TRUTH = "worse"
SEEN_IN = (
    Seen(
        what=N_("NumPy's generator starts alike in every worker that loads data, so all draw the same positions."),
        where="https://github.com/pytorch/pytorch/issues/5059",
    ),
    Seen(
        what=N_("The same in a library for language models: eight workers, eight times the same numbers."),
        where="https://github.com/facebookresearch/fairseq/issues/1383",
    ),
)
SETTING: dict[str, Any] = {}
POSITIONS = (5, 9)


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where positions are chosen."""
    return predicts_in_place(task, examples)


def same_positions(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Hide the positions 5 and 9 of every row, special tokens excepted, and no others."""
    make = make_with(vocabulary)

    def made(ids_BT: IntArray, rng: np.random.Generator, starts_word_BT: BoolArray) -> Examples:
        is_hidden_BT = np.zeros(ids_BT.shape, dtype=bool)
        is_hidden_BT[:, [each for each in POSITIONS if each < ids_BT.shape[1]]] = True
        is_hidden_BT &= ~np.isin(ids_BT, vocabulary.special_ids)
        return replace(
            make(ids_BT, rng, starts_word_BT),
            seen_ids_BT=np.where(is_hidden_BT, vocabulary.mask_id, ids_BT),
            target_ids_BT=np.where(is_hidden_BT, ids_BT, IGNORED),
            roles_BT=np.where(is_hidden_BT, np.uint8(Role.HIDDEN), np.uint8(Role.KEPT)),
            steps=(),
        )

    return made


HOOKS = Hooks(examples=same_positions)
