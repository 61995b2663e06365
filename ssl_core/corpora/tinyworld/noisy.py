"""Reading when what is seen may be wrong: some tokens were replaced by random ones before the reader saw the text.

Then no state is ever ruled out, and messages are full: one number a state and sequence. Nothing is pruned, so this is exact,
at about ten times the cost of the sparse messages.
"""

# B sequences, T tokens, S states, V words, H sequences asked about at one position

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import reversed_transitions, transitions

SEQUENCES_AT_ONCE = 8  # as many as fit the processor's cache: more are slower
TOKENS_IN_RANGE = 8
"""A message is multiplied by up to 10¹¹ at each token; after so many it is far from the largest number there is."""


Likelihood = Callable[[IntArray], FloatArray]
"""From what is seen at one position, (B,), to p(what is seen | token), (V, B), in any unit that is the same for all tokens."""


@dataclass(frozen=True, slots=True)
class ReadPlace:
    """What all other positions tell about one of them, in the sequences that ask about it."""

    position: int
    sequences_H: IntArray
    elsewhere_SH: FloatArray  # in proportion to p(state | all that is seen elsewhere)


def read(machine: Machine, seen_BT: IntArray, likelihood: Likelihood, asks_BT: BoolArray) -> Iterator[ReadPlace]:
    """Yield, for each position where ``asks_BT``, what the tokens seen at all other positions tell about it.

    The first state is drawn from the stationary shares; nothing is known of what comes after the last token.
    """
    for begin in range(0, len(seen_BT), SEQUENCES_AT_ONCE):
        chunk = slice(begin, begin + SEQUENCES_AT_ONCE)
        for place in _read_some(machine, seen_BT[chunk], likelihood, asks_BT[chunk]):
            yield ReadPlace(place.position, begin + place.sequences_H, place.elsewhere_SH)


def _read_some(machine: Machine, seen_BT: IntArray, likelihood: Likelihood, asks_BT: BoolArray) -> Iterator[ReadPlace]:
    to_next_SS, to_last_SS = reversed_transitions(machine), transitions(machine)
    num_tokens = seen_BT.shape[1]
    asking_T = [np.flatnonzero(asks_B) for asks_B in asks_BT.T]
    past_SB = np.repeat(machine.stationary_S[:, None], len(seen_BT), axis=1)
    pasts = []
    for position in range(num_tokens):
        pasts.append(past_SB[:, asking_T[position]])
        if position + 1 < num_tokens:
            _weigh(machine, past_SB, likelihood(seen_BT[:, position]), position)
            past_SB = to_next_SS @ past_SB
    future_SB = np.ones((machine.num_states, len(seen_BT)))
    for position in reversed(range(num_tokens)):
        asking_H, elsewhere_SH = asking_T[position], pasts.pop()
        if len(asking_H):
            elsewhere_SH *= future_SB[:, asking_H]
            yield ReadPlace(position, asking_H, elsewhere_SH)
        if position:
            _weigh(machine, future_SB, likelihood(seen_BT[:, position]), position)
            future_SB = to_last_SS @ future_SB


def _weigh(machine: Machine, message_SB: FloatArray, likelihood_VB: FloatArray, position: int) -> None:
    """Take what is seen at one position into account, in place.

    Nearly all tokens explain a text that is wrong equally well. That is taken as the unit, so that only the states of the
    others need to be touched; now and then a message is made to add up to 1, so that it stays in range.
    """
    middle = len(likelihood_VB) // 2
    unit_B = np.partition(likelihood_VB, middle, axis=0)[middle]
    if np.all(unit_B > 0):
        states_of, begin_V = _states_by_token(machine)
        token_E, column_E = np.nonzero(likelihood_VB != unit_B)
        sizes_E = begin_V[token_E + 1] - begin_V[token_E]
        within = np.arange(sizes_E.sum()) - np.repeat(np.cumsum(sizes_E) - sizes_E, sizes_E)
        state = states_of[np.repeat(begin_V[token_E], sizes_E) + within]
        factor_E = likelihood_VB[token_E, column_E] / unit_B[column_E]
        message_SB[state, np.repeat(column_E, sizes_E)] *= np.repeat(factor_E, sizes_E)
    else:
        message_SB *= likelihood_VB[machine.token_S]
    if position % TOKENS_IN_RANGE == 0:
        message_SB /= message_SB.sum(axis=0)


@lru_cache(maxsize=8)
def _states_by_token(machine: Machine) -> tuple[IntArray, IntArray]:
    """Return the states in the order of their tokens, and where those of each token begin."""
    begin_V = np.searchsorted(np.sort(machine.token_S), np.arange(len(machine.words) + 1))
    return np.argsort(machine.token_S, kind="stable"), begin_V
