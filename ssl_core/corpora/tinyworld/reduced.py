"""A smaller machine that tells the same stories: states that no text can tell apart become one.

Two states that emit one token and have the same future are one, whatever the story's latent choices were; so are two that
have the same past, which defers a choice to the first word that shows it. Who asks for texts only, not for the choices
behind them, reads the smaller machine in half the time or less.
"""

# S states, N transitions, C classes of states

from functools import lru_cache
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ssl_core.corpora.tinyworld.machine import FloatArray, IntArray, Machine, from_transitions

HashArray = npt.NDArray[np.uint64]

MOST_STEPS = 10_000

DIGITS = 12
"""Probabilities that agree to so many digits are the same; rounding in the compiler stays below that."""


@lru_cache(maxsize=8)
def reduced(machine: Machine) -> Machine:
    """Return a machine with the same stream of tokens and as few states as equal futures and equal pasts make.

    It has no latent choices. A machine with a loop that avoids the separator is returned as it is.
    """
    while True:
        before = machine.num_states
        for by_past in (False, True):
            source_N, next_N, probability_N = _seen_from(machine, by_past)
            class_S = _classes(source_N, next_N, probability_N, machine.token_S, machine.separator)
            if class_S is None:
                return machine
            machine = _merged(machine, class_S)
        if machine.num_states == before:
            return machine


def _seen_from(machine: Machine, by_past: bool) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the transitions, or, by the past, p(state before | state) and the way back."""
    if not by_past:
        return machine.source_N, machine.next_N, machine.probability_N
    flow_N = machine.stationary_S[machine.source_N] * machine.probability_N
    return machine.next_N, machine.source_N, np.asarray(flow_N / machine.stationary_S[machine.next_N])


def _classes(
    source_N: IntArray, next_N: IntArray, probability_N: FloatArray, token_S: IntArray, separator: int
) -> IntArray | None:
    """Number the classes of states with one token and equal chances to reach each class; None where there are loops.

    From the separator outwards, each state after all that it leads to; the separator is class 0.
    """
    S = len(token_S)
    steps_S = _longest_way(source_N, next_N, S, separator)
    if steps_S is None:
        return None
    class_S, num_classes = np.zeros(S, dtype=np.int64), 1
    steps_N = np.where(source_N == separator, -1, steps_S[source_N])
    by_steps = np.argsort(steps_N, kind="stable")
    ends = np.searchsorted(steps_N[by_steps], np.arange(steps_S.max() + 2))
    for begin, end in pairwise(ends):
        some = by_steps[begin:end]
        code_G, group_N = np.unique(source_N[some] * S + class_S[next_N[some]], return_inverse=True)
        probability_G = np.bincount(group_N, weights=probability_N[some])
        state_G, class_G = code_G // S, code_G % S
        states, place_G = np.unique(state_G, return_inverse=True)
        sign_S = _hashed(token_S[states])
        np.add.at(sign_S, place_G, _hashed(class_G, np.round(probability_G * 10**DIGITS).astype(np.int64)))
        signs, kind_S = np.unique(sign_S, return_inverse=True)
        class_S[states] = num_classes + kind_S
        num_classes += len(signs)
    return class_S


def _longest_way(source_N: IntArray, next_N: IntArray, num_states: int, separator: int) -> IntArray | None:
    """Return the longest way from each state to the separator; None where a loop makes it endless."""
    is_inner_N = (next_N != separator) & (source_N != separator)
    source_N, next_N = source_N[is_inner_N], next_N[is_inner_N]
    steps_S = np.zeros(num_states, dtype=np.int64)
    for _ in range(num_states):
        longer_S = np.zeros(num_states, dtype=np.int64)
        np.maximum.at(longer_S, source_N, steps_S[next_N] + 1)
        if np.array_equal(longer_S, steps_S):
            return steps_S
        steps_S = longer_S
        if steps_S.max() > MOST_STEPS:
            return None
    return None


def _merged(machine: Machine, class_S: IntArray) -> Machine:
    """Return the machine of the classes: each goes where its states go, as often as they are visited.

    Classes keep the order in which their first states stood, so that states that belong together stay close in memory.
    """
    first_C = np.unique(class_S, return_index=True)[1]
    class_S = np.argsort(np.argsort(first_C))[class_S]
    flow_N = machine.stationary_S[machine.source_N] * machine.probability_N
    share_C = np.bincount(class_S, weights=machine.stationary_S)
    token_C = np.zeros(len(share_C), dtype=np.int64)
    token_C[class_S] = machine.token_S
    source_N, next_N = class_S[machine.source_N], class_S[machine.next_N]
    return from_transitions(
        source_N,
        next_N,
        flow_N / share_C[source_N],
        words=machine.words,
        token_S=token_C,
        latent_S=np.where(np.arange(len(share_C)) == class_S[machine.separator], -1, 0),
    )


def _hashed(*columns: IntArray) -> HashArray:
    """Return 64 bits for each row of numbers that differ, but for a chance of 1 in 10¹⁰ in all, where the rows do."""
    mixed = np.zeros(len(columns[0]), dtype=np.uint64)
    for column in columns:
        mixed = (mixed + column.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(29)
        mixed *= np.uint64(0x94D049BB133111EB)
        mixed ^= mixed >> np.uint64(32)
    return mixed
