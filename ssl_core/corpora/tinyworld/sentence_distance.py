"""How many sentences apart do two sentences of a story stand? What a perfect reader knows of two that are seen alone."""

# P pairs, U different sentences, S states, M states that end a sentence, K distances

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_array

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, Machine
from ssl_core.corpora.tinyworld.messages import reversed_transitions, transitions

Tokens = Sequence[int]
MOST_APART = 32


def distance_probabilities(
    machine: Machine,
    first: Sequence[Tokens],
    second: Sequence[Tokens],
    first_S: FloatArray,
    marks: Sequence[int],
    *,
    is_inner: bool = False,
    most: int = MOST_APART,
) -> FloatArray:
    """Return p(first, k - 1 other sentences of its story, second) for each pair and k = 1 … as far as stories go, (P, K).

    ``first_S`` tells where the first may begin: see ``sentence_pairs.sentence_starts``. A sentence ends with one of the
    tokens ``marks``. With ``is_inner`` the second must not be the last of its story. No K is larger than ``most``.
    """
    ends_S = np.isin(machine.token_S, np.asarray(marks))
    sentences = sorted({tuple(map(int, each)) for each in (*first, *second)})
    number_of = {sentence: number for number, sentence in enumerate(sentences)}
    first_P, second_P = ([number_of[tuple(map(int, each))] for each in side] for side in (first, second))
    reached_UM = _after(machine, sentences, first_S)[:, ends_S]
    coming_UM = _before(machine, sentences, is_inner=is_inner)[:, ends_S]
    from_P, to_P = csr_array(reached_UM)[first_P], csr_array(coming_UM)[second_P]
    onward_MM = _one_sentence_on(machine, ends_S)
    by_distance: list[FloatArray] = []
    while from_P.nnz and len(by_distance) < most:
        by_distance.append(np.asarray((from_P * to_P).sum(axis=1)).reshape(-1))
        from_P = csr_array(from_P @ onward_MM)
    return np.array(by_distance).reshape(len(by_distance), len(first)).T


def _after(machine: Machine, sentences: Sequence[Tokens], first_S: FloatArray) -> csr_array:
    """Return p(sentence, and its last token is this state's | it begins at ``first_S``), (U, S)."""
    return _read(machine, first_S, sentences, transitions(machine))


def _before(machine: Machine, sentences: Sequence[Tokens], *, is_inner: bool) -> csr_array:
    """Return p(sentence comes next | state), (U, S); with ``is_inner``, and the story goes on after it."""
    is_open_S = np.ones(machine.num_states)
    if is_inner:
        ends_N = machine.probability_N * (machine.next_N == machine.separator)
        is_open_S -= np.bincount(machine.source_N, weights=ends_N, minlength=machine.num_states)
    ways_SS = reversed_transitions(machine)
    return csr_array(_read(machine, is_open_S, [sentence[::-1] for sentence in sentences], ways_SS) @ ways_SS)


def _read(machine: Machine, begin_S: FloatArray, sentences: Sequence[Tokens], ways_SS: csr_array) -> csr_array:
    """Go along ``ways_SS`` from token to token, keeping the states that emit what is read; sentences that are over wait."""
    states, length_U = np.flatnonzero(begin_S), np.array([len(sentence) for sentence in sentences])
    begin_VS = csr_array((begin_S[states], (machine.token_S[states], states)), shape=(len(machine.words), machine.num_states))
    state_US = begin_VS[[sentence[0] for sentence in sentences]]
    for place in range(1, int(length_U.max())):
        token_U = np.array([sentence[place] if place < len(sentence) else -1 for sentence in sentences])
        moved = csr_array(state_US @ ways_SS).tocoo()
        waiting = state_US.tocoo()
        is_read = machine.token_S[moved.coords[1]] == token_U[moved.coords[0]]
        is_over = token_U[waiting.coords[0]] < 0
        data = np.concatenate([moved.data[is_read], waiting.data[is_over]])
        rows, columns = (
            np.concatenate([one[is_read], two[is_over]]) for one, two in zip(moved.coords, waiting.coords, strict=True)
        )
        state_US = csr_array((data, (rows, columns)), shape=state_US.shape)
    return csr_array(state_US)


def _one_sentence_on(machine: Machine, ends_S: BoolArray) -> csr_array:
    """Return p(the next sentence of the story ends in this state | the last one ended in that), (M, M).

    The rows of what ends a story add up to less than 1.
    """
    ways_SS = transitions(machine)
    inside_S = ~ends_S
    inside_S[machine.separator] = False
    moving_MS, found_MM = csr_array(ways_SS[ends_S]), csr_array((int(ends_S.sum()), int(ends_S.sum())))
    inner_SS, ending_SM = csr_array(ways_SS[inside_S][:, inside_S]), csr_array(ways_SS[inside_S][:, ends_S])
    moving_MS = csr_array(moving_MS[:, inside_S])
    while moving_MS.nnz:
        found_MM = found_MM + moving_MS @ ending_SM
        moving_MS = csr_array(moving_MS @ inner_SS)
    return csr_array(found_MM)
