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
    weights = {seen: _Weight.of(machine, likelihood, seen) for seen in np.unique(seen_BT).tolist()}
    for begin in range(0, len(seen_BT), SEQUENCES_AT_ONCE):
        chunk = slice(begin, begin + SEQUENCES_AT_ONCE)
        weights_BT = [[weights[seen] for seen in seen_T] for seen_T in seen_BT[chunk].tolist()]
        for place in _read_some(machine, weights_BT, asks_BT[chunk]):
            yield ReadPlace(place.position, begin + place.sequences_H, place.elsewhere_SH)


@dataclass(frozen=True, slots=True)
class _Weight:
    """How much likelier one seen token makes some states than it makes all others."""

    states_E: IntArray
    factor_E: FloatArray

    @classmethod
    def of(cls, machine: Machine, likelihood: Likelihood, seen: int) -> "_Weight":
        """Take as the unit what most tokens have: nearly all explain a text that is wrong equally well."""
        states_of, begin_V = _states_by_token(machine)
        likelihood_V = likelihood(np.array([seen]))[:, 0]
        size_V = np.diff(begin_V)
        values, value_V = np.unique(likelihood_V, return_inverse=True)
        unit = values[np.bincount(value_V, weights=size_V).argmax()]
        if unit == 0:
            return cls(np.arange(machine.num_states), likelihood_V[machine.token_S])
        tokens = np.flatnonzero((likelihood_V != unit) & (size_V > 0))
        states = [states_of[begin_V[token] : begin_V[token + 1]] for token in tokens]
        factors = np.repeat(likelihood_V[tokens] / unit, size_V[tokens])
        return cls(np.concatenate([np.zeros(0, dtype=np.int64), *states]), factors)


def _read_some(machine: Machine, weights_BT: list[list[_Weight]], asks_BT: BoolArray) -> Iterator[ReadPlace]:
    to_next_SS, to_last_SS = reversed_transitions(machine), transitions(machine)
    num_sequences, num_tokens = asks_BT.shape
    asking_T = [np.flatnonzero(asks_B) for asks_B in asks_BT.T]
    past_SB = np.repeat(machine.stationary_S[:, None], num_sequences, axis=1)
    pasts = []
    for position in range(num_tokens):
        pasts.append(past_SB[:, asking_T[position]])
        if position + 1 < num_tokens:
            _weigh(past_SB, weights_BT, position)
            past_SB = to_next_SS @ past_SB
    future_SB = np.ones((machine.num_states, num_sequences))
    for position in reversed(range(num_tokens)):
        asking_H, elsewhere_SH = asking_T[position], pasts.pop()
        if len(asking_H):
            elsewhere_SH *= future_SB[:, asking_H]
            yield ReadPlace(position, asking_H, elsewhere_SH)
        if position:
            _weigh(future_SB, weights_BT, position)
            future_SB = to_last_SS @ future_SB


def _weigh(message_SB: FloatArray, weights_BT: list[list[_Weight]], position: int) -> None:
    """Take what is seen at one position into account, in place; now and then make messages add up to 1 again."""
    for column, weights_T in enumerate(weights_BT):
        weight = weights_T[position]
        message_SB[weight.states_E, column] *= weight.factor_E
    if position % TOKENS_IN_RANGE == 0:
        message_SB /= message_SB.sum(axis=0)


@lru_cache(maxsize=8)
def _states_by_token(machine: Machine) -> tuple[IntArray, IntArray]:
    """Return the states in the order of their tokens, and where those of each token begin."""
    begin_V = np.searchsorted(np.sort(machine.token_S), np.arange(len(machine.words) + 1))
    return np.argsort(machine.token_S, kind="stable"), begin_V
