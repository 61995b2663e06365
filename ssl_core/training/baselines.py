"""What the loss would be without a network: guessing blindly, by frequency, and by one word of context.

All three are measured on exactly the positions on which the network's validation loss is.
"""

# B batch, T tokens, N predicted positions, V vocabulary

from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, Examples, IntArray

SMOOTHING = 0.1
"""Added to every token's count, so that none is impossible."""

HELD_BACK = 20
"""One in this many training tokens, at the end, is held back to weigh pairs against single tokens."""

MAX_COUNTED = 8_000_000
"""Of a longer text so many training tokens are counted, in stretches from all over it."""

NUM_STRETCHES = 200
MOST_PAIR_WEIGHT = 0.999
"""Pairs never decide alone: where all held-back pairs had been seen before, a new one would else be impossible."""

NUM_BUCKETS = 12
NUM_EM_ROUNDS = 30

FloatArray = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """Losses in nats per thing asked; None where there is no such line.

    The floor is known only for texts made by a known grammar; pairs of tokens say nothing about classes of whole texts.
    """

    uniform_nats: float
    unigram_nats: float
    bigram_nats: float | None
    floor_nats: float | None = None
    num_targets: int

    def to_json(self) -> dict[str, float | None]:
        """Return plain JSON values."""
        return asdict(self)


def measure(
    train_ids: npt.NDArray[np.integer],
    ids_BT: IntArray,
    examples: Examples,
    vocabulary_size: int,
    rows_at_once: int | None = None,
) -> Baselines:
    """Measure the lines that stand on every loss chart.

    - uniform: every token is as likely as any other: ln V.
    - unigram: a token is as likely as it is frequent in the training text.
    - bigram: so often did it follow the token to its left; for rare left neighbours mixed with its own frequency. One
      token of context, and only what the network can see of it: where the left neighbour is hidden or replaced, or lies
      outside the sequence, this guess falls back to frequency. (A masked model also sees the right neighbour.)

    Where a row asks for a class instead of tokens, unigram means how frequent the classes are. Where a row asks for nothing
    but its own other view, uniform means that any of the rows may be it, and so does unigram. ``ids_BT`` is the clean text
    of ``examples``; ``rows_at_once`` says how many texts are told apart at once.
    Raises: UserError if there is nothing to tell the one text apart from.
    """
    if examples.labels_B is not None and not examples.asks_tokens:
        return _of_classes(examples.labels_B[examples.labels_B != IGNORED], examples.num_classes)
    if examples.num_views > 1 and not examples.asks_tokens:
        num_texts = min(rows_at_once or len(examples.seen_ids_BT), len(examples.seen_ids_BT) // examples.num_views)
        if num_texts < 2:
            raise UserError(
                N_("Texts are told apart from each other here, and only one could be set aside to measure that on: every "
                   "answer would be right. Give more text, or choose a shorter context.")
            )  # fmt: skip
        alone = float(np.log(num_texts * (examples.num_views - 1)))  # a third view is one more stranger a text
        return Baselines(uniform_nats=alone, unigram_nats=alone, bigram_nats=None, num_targets=len(examples.seen_ids_BT))
    targets_N, left_N = _targets_and_left_neighbours(ids_BT, examples)
    pairs = PairModel(train_ids, vocabulary_size)
    return Baselines(
        uniform_nats=float(np.log(vocabulary_size)),
        unigram_nats=float(-np.log(pairs.unigram_V[targets_N]).mean()),
        bigram_nats=float(-np.log(pairs.probabilities(left_N, targets_N)).mean()),
        num_targets=len(targets_N),
    )


def _of_classes(labels_N: IntArray, num_classes: int) -> Baselines:
    share_C = np.bincount(labels_N, minlength=num_classes) / len(labels_N)
    asked_C = share_C[share_C > 0]
    return Baselines(
        uniform_nats=float(np.log(num_classes)),
        unigram_nats=float(-(asked_C * np.log(asked_C)).sum()),
        bigram_nats=None,
        num_targets=len(labels_N),
    )


class PairModel:
    """p(token | token to its left), mixed with p(token): Jelinek-Mercer smoothing.

    The weight of the pairs depends on how often the left token was seen (in powers of two) and is fitted, by expectation
    maximisation, on the last twentieth of the training text. The counts are those of the rest.

    Source: Jelinek & Mercer 1980; Chen & Goodman 1998, section 2.3.
    """

    def __init__(self, train_ids: npt.NDArray[np.integer], vocabulary_size: int) -> None:
        """Count, then weigh."""
        V = self._vocabulary_size = vocabulary_size
        ids = np.asarray(_counted(train_ids), dtype=np.int64)
        counted, held_back = ids[: len(ids) - len(ids) // HELD_BACK], ids[len(ids) - len(ids) // HELD_BACK :]
        counts_V = np.bincount(counted, minlength=V) + SMOOTHING
        self.unigram_V: FloatArray = counts_V / counts_V.sum()
        self._left_counts_V = np.bincount(counted[:-1], minlength=V)
        self._codes, self._pair_counts = np.unique(counted[:-1] * V + counted[1:], return_counts=True)
        self._bucket_V = np.minimum(np.log2(np.maximum(self._left_counts_V, 1)).astype(np.int64), NUM_BUCKETS - 1)
        self.pair_weight_by_bucket: FloatArray = np.full(NUM_BUCKETS, 0.5)
        if len(held_back) > 1:
            self._weigh(held_back[:-1], held_back[1:])

    def probabilities(self, left_N: IntArray, targets_N: IntArray) -> FloatArray:
        """Return p(target | left) for each pair; where left is -1 it is unknown."""
        pair_N, unigram_N = self._pair_frequency(left_N, targets_N), self.unigram_V[targets_N]
        weight_N = np.where(self._is_known(left_N), self.pair_weight_by_bucket[self._bucket_V[left_N]], 0.0)
        return np.asarray(weight_N * pair_N + (1 - weight_N) * unigram_N)

    def _weigh(self, left_N: IntArray, targets_N: IntArray) -> None:
        pair_N, unigram_N = self._pair_frequency(left_N, targets_N), self.unigram_V[targets_N]
        bucket_N, is_known_N = self._bucket_V[left_N], self._is_known(left_N)
        counts = np.bincount(bucket_N, weights=is_known_N, minlength=NUM_BUCKETS)
        for _ in range(NUM_EM_ROUNDS):
            weight_N = self.pair_weight_by_bucket[bucket_N]
            mixed_N = weight_N * pair_N + (1 - weight_N) * unigram_N
            credit_N = is_known_N * weight_N * pair_N / mixed_N
            credits = np.bincount(bucket_N, weights=credit_N, minlength=NUM_BUCKETS)
            fitted = np.minimum(credits / np.maximum(counts, 1), MOST_PAIR_WEIGHT)
            self.pair_weight_by_bucket = np.where(counts > 0, fitted, self.pair_weight_by_bucket)

    def _is_known(self, left_N: IntArray) -> npt.NDArray[np.bool_]:
        return np.asarray((left_N >= 0) & (self._left_counts_V[left_N] > 0))

    def _pair_frequency(self, left_N: IntArray, targets_N: IntArray) -> FloatArray:
        codes_N = left_N * self._vocabulary_size + targets_N
        places_N = np.minimum(np.searchsorted(self._codes, codes_N), len(self._codes) - 1)
        counts_N = np.where(self._codes[places_N] == codes_N, self._pair_counts[places_N], 0)
        return np.asarray(counts_N / np.maximum(self._left_counts_V[left_N], 1))


def _counted(train_ids: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Return all tokens of a text, or of one that is too long stretches that lie evenly over it."""
    if len(train_ids) <= MAX_COUNTED:
        return train_ids
    starts = np.linspace(0, len(train_ids) - MAX_COUNTED // NUM_STRETCHES, NUM_STRETCHES).astype(np.int64)
    return np.concatenate([train_ids[start : start + MAX_COUNTED // NUM_STRETCHES] for start in starts])


def _targets_and_left_neighbours(ids_BT: IntArray, examples: Examples) -> tuple[IntArray, IntArray]:
    """Return each true token and the one to its left, -1 where that can't be seen.

    A causal model's target is the token after its position, so the left neighbour stands at the position itself. A decoder's
    left neighbour is what it has read last, if that is a token of the text.
    """
    if examples.decoder_target_ids_BU is not None:
        assert examples.decoder_ids_BU is not None, "a decoder reads something"
        asked_BU, counts_BU = examples.decoder_target_ids_BU, examples.decoder_counts_BU
        is_asked_BU = (asked_BU != IGNORED) & (True if counts_BU is None else counts_BU)
        return asked_BU[is_asked_BU], examples.decoder_ids_BU[is_asked_BU]
    is_target_BT = examples.target_ids_BT != IGNORED
    if examples.attention == "causal":
        left_BT = np.where(examples.seen_ids_BT == ids_BT, ids_BT, -1)
    else:  # the rows may be laid out in another way than the text: what is no answer, or stands there all the same, is true
        is_true_BT = ~is_target_BT | (examples.seen_ids_BT == examples.target_ids_BT)
        shown_BT = np.where(is_true_BT, examples.seen_ids_BT, -1)
        left_BT = np.full_like(shown_BT, -1)
        left_BT[:, 1:] = shown_BT[:, :-1]
    if examples.ranks_BT is not None:  # in a drawn order, only those that come before can be seen
        left_BT[:, 1:][examples.ranks_BT[:, :-1] >= examples.ranks_BT[:, 1:]] = -1
    return examples.target_ids_BT[is_target_BT], left_BT[is_target_BT]
