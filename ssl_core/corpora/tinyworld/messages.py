"""Messages along rows of tokens: what is known of the machine's state from the tokens read so far.

A message is one row of numbers a sequence, one number a state. Since each state emits one token, after a token that is seen
only the states that emit it live: so messages are kept sparse, and sequences that have read the same tokens share one.
"""

# B sequences, T tokens, R distinct messages, S states, E entries of a sparse message

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine

HIDDEN = -1
"""Stands in a row of tokens where the token can't be seen."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is known of the state at one position, its own token included."""

    position: int
    row_B: IntArray  # which of the R distinct messages each sequence has
    states_RS: csr_array  # each row adds up to 1, or to 0 where the tokens are impossible
    step_log_B: FloatArray  # read forward: log p(this token | all before it), 0 where it is hidden

    def of(self, sequences: IntArray) -> csr_array:
        """Return the messages of some sequences, a row each."""
        return self.states_RS[self.row_B[sequences]]


def forward(
    machine: Machine, ids_BT: IntArray, *, start_S: FloatArray | None = None, may_hide_S: BoolArray | None = None
) -> Iterator[Message]:
    """Read rows of tokens from left to right; yield after each token p(state | the tokens so far).

    ``ids_BT`` holds ``HIDDEN`` where nothing is seen; what is hidden is then one of the states ``may_hide_S``, any where it
    is None. The first state is drawn from ``start_S``, or from the stationary shares: a window cut anywhere from the stream.
    """
    first_S = machine.stationary_S if start_S is None else start_S
    return _sweep(machine, transitions(machine), first_S, ids_BT, range(ids_BT.shape[1]), may_hide_S)


def backward(machine: Machine, ids_BT: IntArray, *, may_hide_S: BoolArray | None = None) -> Iterator[Message]:
    """Read rows of tokens from right to left; yield what is in proportion to p(this token and all after it | state).

    Nothing is known of what comes after the last token.
    """
    first_S = np.ones(machine.num_states)
    return _sweep(machine, reversed_transitions(machine), first_S, ids_BT, range(ids_BT.shape[1] - 1, -1, -1), may_hide_S)


@lru_cache(maxsize=8)
def transitions(machine: Machine) -> csr_array:
    """Return p(next state | state), (S, S)."""
    size = machine.num_states
    return csr_array((machine.probability_N, machine.next_N.astype(np.int32), machine.first_S), shape=(size, size))


@lru_cache(maxsize=8)
def reversed_transitions(machine: Machine) -> csr_array:
    """Return the same numbers by next state."""
    return csr_array(transitions(machine).T.tocsr())


def _sweep(
    machine: Machine, ways_SS: csr_array, first_S: FloatArray, ids_BT: IntArray, order: range, may_hide_S: BoolArray | None
) -> Iterator[Message]:
    num_codes = len(machine.words) + 1  # HIDDEN is a token, too
    row_B = np.zeros(len(ids_BT), dtype=np.int64)
    states_RS: csr_array | None = None
    for position in order:
        # two sequences share a message as long as they shared it before and read the same token now
        code_R, row_B = np.unique(row_B * num_codes + ids_BT[:, position] - HIDDEN, return_inverse=True)
        before_R, token_R = code_R // num_codes, code_R % num_codes + HIDDEN
        if states_RS is None:
            reached_RS = _first(machine, first_S)[token_R]
        else:
            is_new = len(before_R) != states_RS.shape[0]
            reached_RS = (states_RS[before_R] if is_new else states_RS) @ ways_SS
        states_RS, step_log_R = _seen(reached_RS, machine, token_R, may_hide_S)
        yield Message(position, row_B, states_RS, step_log_R[row_B])


def _first(machine: Machine, first_S: FloatArray) -> csr_array:
    """Return, by the first token, which states can emit it; the last row, which is row ``HIDDEN``, holds all states."""
    possible = np.flatnonzero(first_S)
    rows = np.concatenate([machine.token_S[possible], np.full_like(possible, len(machine.words))])
    shape = (len(machine.words) + 1, machine.num_states)
    return csr_array((np.tile(first_S[possible], 2), (rows, np.tile(possible, 2))), shape=shape)


def _seen(
    reached_RS: csr_array, machine: Machine, token_R: IntArray, may_hide_S: BoolArray | None
) -> tuple[csr_array, FloatArray]:
    """Keep the states that emit what each row sees; return them, made to add up to 1, and the log of what was left."""
    token_S, sizes_R = _narrow_tokens(machine), np.diff(reached_RS.indptr)
    token_E = np.repeat(token_R.astype(np.int32), sizes_R)
    is_hidden_E = token_E == HIDDEN
    if may_hide_S is not None:
        is_hidden_E &= may_hide_S[reached_RS.indices]
    is_kept_E = is_hidden_E | (token_S[reached_RS.indices] == token_E)
    end_E = np.zeros(len(is_kept_E) + 1, dtype=np.int64)
    np.cumsum(is_kept_E, out=end_E[1:])
    end_R = end_E[reached_RS.indptr]
    values = reached_RS.data[is_kept_E]
    row_E = np.repeat(np.arange(len(token_R)), np.diff(end_R))
    total_R = np.bincount(row_E, weights=values, minlength=len(token_R))
    kept_RS = csr_array((values / total_R[row_E], reached_RS.indices[is_kept_E], end_R), shape=reached_RS.shape)
    with np.errstate(divide="ignore"):
        return kept_RS, np.asarray(np.log(total_R))


@lru_cache(maxsize=8)
def _narrow_tokens(machine: Machine) -> npt.NDArray[np.int32]:
    """Return the emitted tokens in 32 bits, which halves the time of comparing them."""
    return machine.token_S.astype(np.int32)
