"""What every pretext task hands over: what the model sees, what it must predict, and how the example came about."""

# B batch, T tokens

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np
import numpy.typing as npt

IGNORED = -100
"""Target of a position that is not predicted, as torch's cross-entropy skips it."""

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class Role(IntEnum):
    """What happened to a token on its way into the example."""

    KEPT = 0
    HIDDEN = 1
    RANDOMISED = 2
    KEPT_BUT_PREDICTED = 3
    REPLACED = 4
    MOVED = 5
    SPECIAL = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a pretext task needs to know of the tokenizer."""

    size: int
    special_ids: tuple[int, ...]
    mask_id: int
    continues_word_V: BoolArray | None = None  # True: this piece belongs to the word before it ("##ing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage between the clean text and the example, for step-through."""

    title: str
    ids_BT: IntArray
    roles_BT: npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """One batch as a pretext task makes it."""

    seen_ids_BT: IntArray
    target_ids_BT: IntArray  # IGNORED where nothing is predicted
    roles_BT: npt.NDArray[np.uint8]
    attention: str  # "bidirectional" or "causal"
    steps: tuple[Step, ...] = field(default=())

    @property
    def is_predicted_BT(self) -> BoolArray:
        """True where the loss is measured."""
        return np.asarray(self.target_ids_BT != IGNORED)
