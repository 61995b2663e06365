"""Does the second sentence belong to the first? What a perfect reader says to next-sentence prediction and its kin."""

# P pairs, T tokens, S states

from collections.abc import Sequence

import numpy as np

from ssl_core.corpora.tinyworld.floor import seen_nats
from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, Machine

Tokens = Sequence[int]


def sentence_starts(machine: Machine, marks: Sequence[int], *, openings: bool = True) -> FloatArray:
    """Return how likely each state is to begin a sentence that is picked at random from the stream of stories, (S,).

    A sentence begins after one of the tokens ``marks`` and, counted with ``openings``, at the beginning of a story.
    """
    from_N = machine.source_N
    is_begin_N = np.isin(machine.token_S[from_N], marks) & (from_N != machine.separator)
    is_begin_N |= openings & (from_N == machine.separator)
    is_begin_N &= machine.next_N != machine.separator
    flow_N = machine.stationary_S[from_N] * machine.probability_N * is_begin_N
    flow_S = np.bincount(machine.next_N, weights=flow_N, minlength=machine.num_states)
    return np.asarray(flow_S / flow_S.sum())


def follows_log_odds(
    machine: Machine, first: Sequence[Tokens], second: Sequence[Tokens], first_S: FloatArray, second_S: FloatArray
) -> FloatArray:
    """Return, for each pair, log p(second | it goes on after first) - log p(second | it is from any other story), (P,).

    ``first_S`` and ``second_S`` tell where the first, and a second from elsewhere, may begin: see ``sentence_starts``.
    That something of the same story comes after the first is known in both cases.
    """
    separator_token = int(machine.token_S[machine.separator])
    alone_P = _nats(machine, first, first_S)
    both_P = _nats(machine, [[*a, *b] for a, b in zip(first, second, strict=True)], first_S)
    last_P = _nats(machine, [[*a, separator_token] for a in first], first_S)
    with np.errstate(divide="ignore", invalid="ignore"):  # of what no story holds nothing is known: not a number
        goes_on_log_P = np.log1p(-np.exp(alone_P - last_P))
        return np.asarray(alone_P - both_P - goes_on_log_P + _nats(machine, second, second_S))


def order_log_odds(machine: Machine, first: Sequence[Tokens], second: Sequence[Tokens], first_S: FloatArray) -> FloatArray:
    """Return, for each pair, log p(first, then second) - log p(second, then first), both in one story, (P,)."""
    as_given_P = _nats(machine, [[*a, *b] for a, b in zip(first, second, strict=True)], first_S)
    swapped_P = _nats(machine, [[*b, *a] for a, b in zip(first, second, strict=True)], first_S)
    return swapped_P - as_given_P


def answers(log_odds_P: FloatArray, is_true_P: BoolArray, true_rate: float = 0.5) -> tuple[FloatArray, FloatArray]:
    """Return, for each pair, the loss in nats and whether the likelier answer is right (half right at a tie), (P,).

    ``true_rate`` is the share of pairs for which the answer is yes.
    """
    for_truth_P = np.where(is_true_P, 1.0, -1.0) * (log_odds_P + np.log(true_rate) - np.log1p(-true_rate))
    return np.logaddexp(0, -for_truth_P), np.where(for_truth_P == 0, 0.5, for_truth_P > 0)


def _nats(machine: Machine, texts: Sequence[Tokens], start_S: FloatArray) -> FloatArray:
    """Return -log p(text) for texts of any length that begin at ``start_S``, (P,)."""
    length_P, nats_P = np.array([len(text) for text in texts]), np.empty(len(texts))
    for length in np.unique(length_P):
        same_length = np.flatnonzero(length_P == length)
        nats_P[same_length] = seen_nats(machine, np.array([texts[int(place)] for place in same_length]), start_S=start_S)
    return nats_P
