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

    def then(self, title: str, is_changed_BT: BoolArray, role: Role, new_ids: IntArray | int | None = None) -> "Step":
        """Return the next stage: ``role``, and ``new_ids`` if given, where ``is_changed_BT``; all else as before."""
        ids_BT = self.ids_BT if new_ids is None else np.where(is_changed_BT, new_ids, self.ids_BT)
        return Step(title=title, ids_BT=ids_BT, roles_BT=np.where(is_changed_BT, np.uint8(role), self.roles_BT))


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Corruption:
    """How clean tokens come to look as they do, in chances: what a perfect reader of the examples takes into account.

    Each ordinary token is chosen by itself, or together with its whole word; special tokens never are.
    """

    chosen_rate: float
    hidden_rate: float  # of the chosen: shown as [MASK]
    random_rate: float  # of the chosen: shown as a token drawn at random; the rest stay as they are
    random_V: npt.NDArray[np.float64] | None = None  # from what it is drawn; None: all tokens alike
    whole_words: bool = False

    @property
    def kept_rate(self) -> float:
        """Of the chosen: shown as they are."""
        return max(0.0, 1 - self.hidden_rate - self.random_rate)


def words_BT(ids_BT: IntArray, vocabulary: Vocabulary, starts_word_BT: BoolArray | None = None) -> IntArray:
    """Return for each token the position at which its word begins.

    Word beginnings come from ``starts_word_BT``, else from the vocabulary's continuation pieces, else every token is a
    word. A piece whose word began before the sequence counts as beginning at position 0.
    """
    if starts_word_BT is None:
        if vocabulary.continues_word_V is None:
            starts_word_BT = np.ones(ids_BT.shape, dtype=np.bool_)
        else:
            starts_word_BT = ~vocabulary.continues_word_V[ids_BT]
    positions_BT = np.where(starts_word_BT, np.arange(ids_BT.shape[1]), 0)
    return np.asarray(np.maximum.accumulate(positions_BT, axis=1))
