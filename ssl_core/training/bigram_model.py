"""A bigram model: how likely each token is after the one to its left, counted on the training text.

As a chain it knows more than the next token: what lies between two tokens, however many steps apart, has an exact
distribution, too. The matrix of all pairs is never built: it is the sparse one of the pairs that were seen, plus a part of
word frequencies.
"""

# N pairs, K tokens, V vocabulary

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from ssl_core.pretext.base import IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

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
UNKNOWN = -1
"""In place of a token: the edge of a text, beyond which nothing is known."""

FloatArray = npt.NDArray[np.float64]


class BigramModel:
    """p(token | token to its left), mixed with p(token): Jelinek-Mercer smoothing.

    The weight of the pairs depends on how often the left token was seen (in powers of two) and is fitted, by expectation
    maximisation, on the last twentieth of the training text. The counts are those of the rest.

    Source: Jelinek & Mercer 1980; Chen & Goodman 1998, section 2.3.
    """

    def __init__(self, train_ids: npt.NDArray[np.integer], vocabulary_size: int) -> None:
        """Count, then weigh."""
        V = self.vocabulary_size = vocabulary_size
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
        """Return p(target | left) for each pair; where left is UNKNOWN, p(target)."""
        pair_N, unigram_N = self._pair_frequency(left_N, targets_N), self.unigram_V[targets_N]
        weight_N = np.where(left_N == UNKNOWN, 0.0, self._pair_weight_V[left_N])
        return np.asarray(weight_N * pair_N + (1 - weight_N) * unigram_N)

    def after_KV(self, left_K: IntArray) -> FloatArray:
        """Return p(token | left) of every token, a row for each left; where left is UNKNOWN, p(token)."""
        is_edge_K, at_K = left_K == UNKNOWN, np.maximum(left_K, 0)
        found_KV = self._pairs_by_left[at_K].toarray()
        found_KV[is_edge_K] = 0.0
        found_KV += np.where(is_edge_K, 1.0, self._rest_V[at_K])[:, None] * self.unigram_V
        return np.asarray(found_KV)

    def before_KV(self, right_K: IntArray) -> FloatArray:
        """Return p(right | token) of every token to its left, a row for each right; where right is UNKNOWN, 1."""
        at_K = np.maximum(right_K, 0)
        found_KV = self._pairs_by_right[at_K].toarray()
        found_KV += self.unigram_V[at_K][:, None] * self._rest_V
        found_KV[right_K == UNKNOWN] = 1.0
        return np.asarray(found_KV)

    def one_step_right(self, shares_KV: FloatArray) -> FloatArray:
        """Return how likely each token is one place further to the right, given how likely each is here."""
        found_KV = np.ascontiguousarray((self._pairs_by_right @ shares_KV.T).T)
        found_KV += (shares_KV @ self._rest_V)[:, None] * self.unigram_V
        return found_KV

    def one_step_left(self, evidence_KV: FloatArray) -> FloatArray:
        """Return how likely what is known to the right is for each token one place further to the left."""
        found_KV = np.ascontiguousarray((self._pairs_by_left @ evidence_KV.T).T)
        found_KV += (evidence_KV @ self.unigram_V)[:, None] * self._rest_V
        return found_KV

    @cached_property
    def _pair_weight_V(self) -> FloatArray:
        """What pairs count after each token; 0 where it was never seen to the left of another."""
        return np.asarray(np.where(self._left_counts_V > 0, self.pair_weight_by_bucket[self._bucket_V], 0.0))

    @cached_property
    def _rest_V(self) -> FloatArray:
        """What word frequencies count after each token."""
        return np.asarray(1 - self._pair_weight_V)

    @cached_property
    def _pairs_by_left(self) -> "csr_matrix[Any]":
        """Weight times frequency of each pair that was seen: a row for each left token, a column for each right one."""
        from scipy.sparse import csr_matrix  # here, so that what only looks pairs up does not wait for it

        left_K, right_K = np.divmod(self._codes, self.vocabulary_size)
        shares_K = self._pair_counts * (self._pair_weight_V / np.maximum(self._left_counts_V, 1))[left_K]
        return csr_matrix((shares_K, (left_K, right_K)), shape=(self.vocabulary_size,) * 2)

    @cached_property
    def _pairs_by_right(self) -> "csr_matrix[Any]":
        return self._pairs_by_left.T.tocsr()

    def _weigh(self, left_N: IntArray, targets_N: IntArray) -> None:
        pair_N, unigram_N = self._pair_frequency(left_N, targets_N), self.unigram_V[targets_N]
        bucket_N, is_known_N = self._bucket_V[left_N], self._left_counts_V[left_N] > 0
        counts = np.bincount(bucket_N, weights=is_known_N, minlength=NUM_BUCKETS)
        for _ in range(NUM_EM_ROUNDS):
            weight_N = self.pair_weight_by_bucket[bucket_N]
            mixed_N = weight_N * pair_N + (1 - weight_N) * unigram_N
            credit_N = is_known_N * weight_N * pair_N / mixed_N
            credits = np.bincount(bucket_N, weights=credit_N, minlength=NUM_BUCKETS)
            fitted = np.minimum(credits / np.maximum(counts, 1), MOST_PAIR_WEIGHT)
            self.pair_weight_by_bucket = np.where(counts > 0, fitted, self.pair_weight_by_bucket)

    def _pair_frequency(self, left_N: IntArray, targets_N: IntArray) -> FloatArray:
        codes_N = left_N * self.vocabulary_size + targets_N
        places_N = np.minimum(np.searchsorted(self._codes, codes_N), len(self._codes) - 1)
        counts_N = np.where(self._codes[places_N] == codes_N, self._pair_counts[places_N], 0)
        return np.asarray(counts_N / np.maximum(self._left_counts_V[left_N], 1))


def _counted(train_ids: npt.NDArray[np.integer]) -> npt.NDArray[np.integer]:
    """Return all tokens of a text, or of one that is too long stretches that lie evenly over it."""
    if len(train_ids) <= MAX_COUNTED:
        return train_ids
    starts = np.linspace(0, len(train_ids) - MAX_COUNTED // NUM_STRETCHES, NUM_STRETCHES).astype(np.int64)
    return np.concatenate([train_ids[start : start + MAX_COUNTED // NUM_STRETCHES] for start in starts])
