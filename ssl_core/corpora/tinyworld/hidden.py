"""What stands at a hidden place: the exact posterior of the state, given every token that can be seen on both sides."""

# B sequences, T tokens, H sequences that hide one position, S states, V words

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN, backward, forward

SEQUENCES_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class HiddenPlace:
    """What is known of the state at one position, in the sequences that hide it."""

    position: int
    sequences_H: IntArray
    states_HS: csr_array  # p(state | all that is seen); a row adds up to 0 where the tokens are impossible

    def words(self, machine: Machine) -> csr_array:
        """Return p(word | all that is seen), (H, V)."""
        return self.states_HS @ emissions(machine)

    def log_probability(self, machine: Machine, token_H: IntArray) -> FloatArray:
        """Return log p(token | all that is seen) for one token a sequence; NaN where the tokens seen are impossible."""
        sizes_H = np.diff(self.states_HS.indptr)
        row_E = np.repeat(np.arange(len(token_H)), sizes_H)
        is_it_E = machine.token_S[self.states_HS.indices] == token_H[row_E]
        share_H = np.bincount(row_E, weights=self.states_HS.data * is_it_E, minlength=len(token_H))
        with np.errstate(divide="ignore"):
            return np.where(sizes_H > 0, np.log(share_H), np.nan)


def hidden_places(
    machine: Machine, ids_BT: IntArray, *, start_S: FloatArray | None = None, may_hide_S: BoolArray | None = None
) -> Iterator[HiddenPlace]:
    """Yield what is known of each position at which ``ids_BT`` is ``HIDDEN``, a few sequences at a time.

    By forward and backward messages with missing observations; see ``messages.forward`` for the arguments.
    """
    for begin in range(0, len(ids_BT), SEQUENCES_AT_ONCE):
        some_BT = ids_BT[begin : begin + SEQUENCES_AT_ONCE]
        hiding_T = [np.flatnonzero(column_B == HIDDEN) for column_B in some_BT.T]
        past = {
            message.position: message.of(hiding_T[message.position])
            for message in forward(machine, some_BT, start_S=start_S, may_hide_S=may_hide_S)
            if len(hiding_T[message.position])
        }
        for message in backward(machine, some_BT, may_hide_S=may_hide_S):
            sequences_H = hiding_T[message.position]
            if len(sequences_H):
                both_HS = csr_array(past.pop(message.position).multiply(message.of(sequences_H)))
                yield HiddenPlace(message.position, begin + sequences_H, _adding_up_to_one(both_HS))


def emissions(machine: Machine) -> csr_array:
    """Return 1 where a state emits a word, (S, V)."""
    S = machine.num_states
    return csr_array((np.ones(S), machine.token_S, np.arange(S + 1)), shape=(S, len(machine.words)))


def _adding_up_to_one(states_HS: csr_array) -> csr_array:
    sizes_H = np.diff(states_HS.indptr)
    row_E = np.repeat(np.arange(len(sizes_H)), sizes_H)
    total_H = np.bincount(row_E, weights=states_HS.data, minlength=len(sizes_H))
    states_HS.data = states_HS.data / total_H[row_E]
    return states_HS
