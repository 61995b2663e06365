"""Reading when what is seen may be wrong: some tokens were replaced by random ones before the reader saw the text.

Then no state is ever ruled out, and messages are full: one number a state and sequence. Nothing is pruned, so this is exact,
at about ten times the cost of the sparse messages.
"""

# B sequences, T tokens, S states, V words, H sequences asked about at one position

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import reversed_transitions, transitions

SEQUENCES_AT_ONCE = 8  # as many as fit the processor's cache: more are slower


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
            past_SB = to_next_SS @ _weighed(machine, past_SB, likelihood, seen_BT[:, position])
    future_SB = np.ones((machine.num_states, len(seen_BT)))
    for position in reversed(range(num_tokens)):
        asking_H, past_SH = asking_T[position], pasts.pop()
        if len(asking_H):
            yield ReadPlace(position, asking_H, past_SH * future_SB[:, asking_H])
        if position:
            future_SB = to_last_SS @ _weighed(machine, future_SB, likelihood, seen_BT[:, position])


def _weighed(machine: Machine, message_SB: FloatArray, likelihood: Likelihood, seen_B: IntArray) -> FloatArray:
    """Take what is seen at one position into account; the result adds up to 1 a sequence, so that it stays in range."""
    weighed_SB = message_SB * likelihood(seen_B)[machine.token_S]
    weighed_SB /= weighed_SB.sum(axis=0)
    return np.asarray(weighed_SB)
