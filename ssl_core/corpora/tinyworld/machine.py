"""The grammar as a machine: a hidden Markov chain each of whose states emits one word."""

# S states, N transitions, V words

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """States, what each emits, and where it goes next; one state, the separator, stands between two stories."""

    words: tuple[str, ...]  # words[0] is the separator
    token_S: IntArray  # index into ``words``
    first_S: IntArray  # (S + 1,): the transitions of state s are first_S[s] to first_S[s + 1]
    next_N: IntArray
    probability_N: FloatArray
    latent_S: IntArray  # which combination of the story's latent choices a state belongs to; -1: the separator
