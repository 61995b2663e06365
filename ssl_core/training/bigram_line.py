"""What a network's own questions cost a bigram model, which is told all that the network sees.

For it text is a chain of pairs. There only the nearest tokens that can be seen on either side matter, and how far away they
are. The answer is exact: it weighs all completions of what is hidden. For 128 × 64 tokens, 0.3 of them hidden, it takes 0.1 s
of one core with a vocabulary of 1,024 tokens and 0.6 s with 8,192.
"""

# N tokens asked for, K different ones of them, V vocabulary

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.pretext.base import BoolArray, Corruption, Examples, IntArray, Vocabulary
from ssl_core.training.bigram_model import UNKNOWN, BigramModel
from ssl_core.training.bigram_questions import Questions

FloatArray = npt.NDArray[np.float64]
QUESTIONS_AT_ONCE = 256  # each takes some rows of V numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class BigramReader:
    """A bigram model that knows how the examples are made."""

    model: BigramModel
    may_be_V: BoolArray  # True for tokens that may be asked for; no other is ever hidden
    kept_rate: float = 0.0  # of the chosen tokens, shown as they are
    random_V: FloatArray | None = None  # chance that a chosen token is shown as this one, whatever it is; None: never

    @classmethod
    def of(
        cls, model: BigramModel, examples: Examples, asked: Questions, vocabulary: Vocabulary, corruption: Corruption | None
    ) -> "BigramReader":
        """Return the reader of these examples; ``corruption`` says what follows from what stands in the asked place itself.

        Special tokens are never hidden. A causal model is asked for them all the same, and so is a decoder that writes
        the whole text: then any token may come.
        """
        is_special_V = np.isin(np.arange(model.vocabulary_size), vocabulary.special_ids)
        is_special_V[vocabulary.size :] = True
        may_be_any = examples.attention == "causal" or bool(is_special_V[asked.targets_N].any())
        may_be_V = np.ones_like(is_special_V) if may_be_any else ~is_special_V
        if corruption is None:
            return cls(model=model, may_be_V=may_be_V)
        alike_V = np.full(vocabulary.size, 1 / vocabulary.size)
        random_V = np.zeros(model.vocabulary_size)
        random_V[: vocabulary.size] = corruption.random_rate * (alike_V if corruption.random_V is None else corruption.random_V)
        return cls(model=model, may_be_V=may_be_V, kept_rate=corruption.kept_rate, random_V=random_V)

    def probabilities(self, asked: Questions) -> FloatArray:
        """Return how likely the true token is for each question, (N,)."""
        found_N = np.empty(len(asked.targets_N))
        is_from_left_N = (asked.steps_from_left_N == 1) & (asked.right_N == UNKNOWN) & (asked.steps_to_right_N == 1)
        found_N[is_from_left_N] = self._looked_up(asked.at(is_from_left_N))
        farthest_N = np.maximum(asked.steps_from_left_N, asked.steps_to_right_N)
        others_M = np.argsort(farthest_N, kind="stable")  # so that few parts need many steps
        others_M = others_M[~is_from_left_N[others_M]]
        for begin in range(0, len(others_M), QUESTIONS_AT_ONCE):
            some = others_M[begin : begin + QUESTIONS_AT_ONCE]
            found_N[some] = self._from_both_sides(asked.at(some))
        return found_N

    def _looked_up(self, asked: Questions) -> FloatArray:
        """Answer where the token right beside on the left is all there is: a look at the table."""
        total_N = np.ones(len(asked.targets_N))
        for token in np.flatnonzero(~self.may_be_V):
            total_N -= self.model.probabilities(asked.left_N, np.full_like(asked.left_N, token))
        shown_N = np.maximum(asked.shown_N, 0)
        is_possible_N = self.may_be_V[shown_N]
        return self._weighed(
            asked,
            self.model.probabilities(asked.left_N, asked.targets_N) / total_N,
            is_possible_N * self.model.probabilities(asked.left_N, shown_N) / total_N,
        )

    def _from_both_sides(self, asked: Questions) -> FloatArray:
        """Answer by one message from the left and one from the right: forward-backward over each stretch that is hidden.

        Source: Baum et al. 1970; Rabiner 1989, section III.A.
        """
        model, may_be_V = self.model, self.may_be_V
        forward_NV = _messages(
            asked.left_N,
            asked.steps_from_left_N,
            lambda left_K: may_be_V * model.after_KV(left_K),
            lambda now_KV: may_be_V * model.one_step_right(now_KV),
        )
        backward_NV = _messages(
            asked.right_N,
            asked.steps_to_right_N,
            model.before_KV,
            lambda now_KV: model.one_step_left(may_be_V * now_KV),
        )
        shares_NV = np.multiply(forward_NV, backward_NV, out=forward_NV)
        total_N, row_N = shares_NV.sum(axis=1), np.arange(len(asked.targets_N))
        shown_N = shares_NV[row_N, np.maximum(asked.shown_N, 0)]
        return self._weighed(asked, shares_NV[row_N, asked.targets_N] / total_N, shown_N / total_N)

    def _weighed(self, asked: Questions, target_N: FloatArray, shown_N: FloatArray) -> FloatArray:
        """Return p(target) after a look at what stands in its own place, given p(target) and p(shown) before.

        Who is asked about a token that can be seen knows that it was chosen: so it is shown as it is, or as a random one. A
        network may copy it on that chance, and so may this reader.
        """
        if self.random_V is None:
            return target_N
        is_shown_N, random_N = asked.shown_N != UNKNOWN, self.random_V[np.maximum(asked.shown_N, 0)]
        likelihood_N = random_N + self.kept_rate * (asked.shown_N == asked.targets_N)
        evidence_N = np.where(is_shown_N, random_N + self.kept_rate * shown_N, 1.0)
        return np.asarray(np.where(is_shown_N, target_N * likelihood_N / evidence_N, target_N))


def _messages(
    tokens_N: IntArray, steps_N: IntArray, first: Callable[[IntArray], FloatArray], further: Callable[[FloatArray], FloatArray]
) -> FloatArray:
    """Return what each token tells so many steps away, (N, V); a token that occurs more than once is followed once."""
    tokens_K, kind_N = np.unique(tokens_N, return_inverse=True)
    longest_K = np.zeros(len(tokens_K), dtype=np.int64)
    np.maximum.at(longest_K, kind_N, steps_N)
    now_KV, kinds_K = first(tokens_K), np.arange(len(tokens_K))
    found_NV = np.empty((len(tokens_N), now_KV.shape[1]))
    for step in range(1, int(longest_K.max(initial=0)) + 1):
        if step > 1:
            goes_on_K = longest_K[kinds_K] >= step
            now_KV, kinds_K = further(now_KV[goes_on_K]), kinds_K[goes_on_K]
        here_N = np.flatnonzero(steps_N == step)
        found_NV[here_N] = now_KV[np.searchsorted(kinds_K, kind_N[here_N])]
    return found_NV
