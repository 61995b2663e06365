"""What every pretext task hands over: what the model sees, what it must predict, and how the example came about."""

# B batch, T tokens, U tokens that a decoder sees, V vocabulary

from dataclasses import dataclass, field, replace
from enum import IntEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.i18n import N_

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
    SENTINEL = 7  # stands for tokens that were taken out
    PADDING = 8  # fills up a short row; nobody sees it
    PREDICTED_IN_ORDER = 9  # predicted without being seen; what comes later in the order sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What a pretext task needs to know of the tokenizer."""

    size: int
    special_ids: tuple[int, ...]
    mask_id: int
    continues_word_V: BoolArray | None = None  # True: this piece belongs to the word before it ("##ing")
    ends_sentence_V: BoolArray | None = None  # True: a sentence ends with this token
    pad_id: int = 0
    cls_id: int = 2
    sep_id: int = 3
    num_sentinels: int = 0  # tokens that only a task uses; their numbers follow those of the tokenizer

    def sentinel_id(self, number: int) -> int:
        """Return the token that stands for the span ``number`` (from 0) that was taken out."""
        assert 0 <= number < self.num_sentinels, f"there are {self.num_sentinels} sentinels, not {number + 1}"
        return self.size + number

    @property
    def size_with_sentinels(self) -> int:
        """How many different tokens the network can see and say."""
        return self.size + self.num_sentinels


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """What somebody wrote on each document, told token by token; only examples that learn from labels are made with them."""

    classes: npt.NDArray[np.signedinteger]  # as many as tokens: the class of the token's document, IGNORED where nobody told
    names: tuple[str, ...]  # what the classes are called, by their numbers

    def at(self, places: Any) -> "Labels":
        """Return those of some of the tokens."""
        return Labels(classes=self.classes[places], names=self.names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One stage between the clean text and the example, for step-through."""

    title: str
    ids_BT: IntArray
    roles_BT: npt.NDArray[np.uint8]

    @classmethod
    def clean(cls, ids_BT: IntArray, vocabulary: Vocabulary) -> "Step":
        """Return the first stage: the text as it is, its special tokens marked as such."""
        is_special_BT = np.isin(ids_BT, vocabulary.special_ids)
        roles_BT = np.where(is_special_BT, Role.SPECIAL, Role.KEPT).astype(np.uint8)
        return cls(title=N_("The clean text"), ids_BT=ids_BT, roles_BT=roles_BT)

    def then(self, title: str, is_changed_BT: BoolArray, role: Role, new_ids: IntArray | int | None = None) -> "Step":
        """Return the next stage: ``role``, and ``new_ids`` if given, where ``is_changed_BT``; all else as before."""
        ids_BT = self.ids_BT if new_ids is None else np.where(is_changed_BT, new_ids, self.ids_BT)
        return Step(title=title, ids_BT=ids_BT, roles_BT=np.where(is_changed_BT, np.uint8(role), self.roles_BT))


ATTENTIONS = ("bidirectional", "causal", "permutation", "encoder_decoder")
"""Who may look at whom; ``attention_patterns`` draws each and says what it means."""


def asks_any(*answers: Any) -> bool:
    """Return whether any of these answers, arrays or tensors, asks for something; None asks for nothing."""
    return any(each is not None and bool((each != IGNORED).any()) for each in answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """One batch as a pretext task makes it. What a task has no use for stays None."""

    seen_ids_BT: IntArray
    target_ids_BT: IntArray  # the answer at each position; IGNORED where nothing is predicted
    roles_BT: npt.NDArray[np.uint8]
    attention: str  # one of ATTENTIONS
    steps: tuple[Step, ...] = field(default=())
    segments_BT: IntArray | None = None  # of a pair of texts: 0 in the first, 1 in the second
    ranks_BT: IntArray | None = None  # for "permutation": a token sees those of lower rank
    decoder_ids_BU: IntArray | None = None  # what a decoder has read when it predicts ``decoder_target_ids_BU``
    decoder_target_ids_BU: IntArray | None = None  # IGNORED where nothing is predicted
    decoder_counts_BU: BoolArray | None = None  # True: this answer counts in the charted loss (all are learnt)
    labels_B: IntArray | None = None  # the class of each row; IGNORED where a row asks nothing
    num_classes: int = 0  # of which ``labels_B`` names one
    num_views: int = 1  # so many rows after each other are views of the same text

    def in_use(self) -> "Examples":
        """Return the same questions with nothing hidden, as text is read in fine-tuning and in use: the answer stands there.

        Only what was hidden or replaced where it stands comes back; what was taken out or moved stays so.
        """
        is_hidden_BT = np.isin(self.roles_BT, (Role.HIDDEN, Role.RANDOMISED)) & self.is_predicted_BT
        if self.attention != "bidirectional" or not is_hidden_BT.any():
            return self
        return replace(self, seen_ids_BT=np.where(is_hidden_BT, self.target_ids_BT, self.seen_ids_BT), steps=())

    @property
    def is_predicted_BT(self) -> BoolArray:
        """True where a token must be predicted."""
        return np.asarray(self.target_ids_BT != IGNORED)

    @property
    def asks_tokens(self) -> bool:
        """True if any answer is a token, and not only a class or a partner."""
        return asks_any(self.target_ids_BT, self.decoder_target_ids_BU)

    @property
    def asks_anything(self) -> bool:
        """True if there is anything to learn from these examples."""
        return self.num_views > 1 or asks_any(self.labels_B) or self.asks_tokens


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
