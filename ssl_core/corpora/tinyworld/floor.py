"""How low the loss could go: what a perfect reader, who knows the grammar, would lose at the very positions measured.

All losses are in nats. In an array over positions, those that are not asked about hold NaN; what the grammar makes impossible
costs infinitely much, or is NaN where already what is seen is impossible.
"""

# B sequences, T tokens, N predicted tokens, S states

import numpy as np

from ssl_core.corpora.tinyworld.hidden import hidden_places
from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN, forward

SEQUENCES_AT_ONCE = 1024


def next_token_nats(machine: Machine, ids_BT: IntArray) -> FloatArray:
    """Return -log p(token | the tokens before it in its window) for every token, (B, T).

    A window may begin anywhere in the stream of stories, so its first token costs what its long-run share tells.
    """
    nats_BT = np.empty(ids_BT.shape)
    for message in forward(machine, ids_BT):
        nats_BT[:, message.position] = -message.step_log_B
    return nats_BT


def hidden_nats(machine: Machine, ids_BT: IntArray, is_hidden_BT: BoolArray) -> FloatArray:
    """Return -log p(token | all visible tokens of its window) for every hidden token, (B, T)."""
    nats_BT = np.full(ids_BT.shape, np.nan)
    for place in hidden_places(machine, np.where(is_hidden_BT, HIDDEN, ids_BT)):
        true_H = ids_BT[place.sequences_H, place.position]
        nats_BT[place.sequences_H, place.position] = -place.log_probability(machine, true_H)
    return nats_BT


def seen_nats(
    machine: Machine, ids_BT: IntArray, *, start_S: FloatArray | None = None, may_hide_S: BoolArray | None = None
) -> FloatArray:
    """Return -log p(all that is seen) of each row, (B,), where ``ids_BT`` is ``HIDDEN`` wherever nothing is seen.

    With ``may_hide_S`` it is also seen that each hidden token comes from one of these states.
    """
    nats_B = np.zeros(len(ids_BT))
    for begin in range(0, len(ids_BT), SEQUENCES_AT_ONCE):
        some = slice(begin, begin + SEQUENCES_AT_ONCE)
        for message in forward(machine, ids_BT[some], start_S=start_S, may_hide_S=may_hide_S):
            nats_B[some] -= message.step_log_B
    return nats_B


def joint_nats(machine: Machine, ids_BT: IntArray, is_hidden_BT: BoolArray) -> FloatArray:
    """Return -log p(all hidden tokens of a window together | its visible ones), (B,).

    This is what any order of prediction costs in total: spans, denoising, permutations.
    """
    return seen_nats(machine, ids_BT) - seen_nats(machine, np.where(is_hidden_BT, HIDDEN, ids_BT))


def in_order_nats(machine: Machine, ids_BT: IntArray, rank_BT: IntArray, *, may_hide_S: BoolArray | None = None) -> FloatArray:
    """Return -log p(token | visible tokens and those predicted before it) for every predicted token, (B, T).

    ``rank_BT`` tells which token is predicted first, second …; it is negative where a token is visible. With ``may_hide_S``
    the reader knows that each token it does not see yet comes from one of these states.
    """
    row_N, column_N = np.nonzero(rank_BT >= 0)
    by_rank_N = np.lexsort((rank_BT[row_N, column_N], row_N))
    row_N, column_N = row_N[by_rank_N], column_N[by_rank_N]
    is_known_NT = rank_BT[row_N] <= rank_BT[row_N, column_N][:, None]
    after_N = seen_nats(machine, np.where(is_known_NT, ids_BT[row_N], HIDDEN), may_hide_S=may_hide_S)
    visible_B = seen_nats(machine, np.where(rank_BT < 0, ids_BT, HIDDEN), may_hide_S=may_hide_S)
    is_first_N = np.diff(row_N, prepend=-1) > 0
    before_N = np.where(is_first_N, visible_B[row_N], np.roll(after_N, 1))
    nats_BT = np.full(ids_BT.shape, np.nan)
    nats_BT[row_N, column_N] = after_N - before_N
    return nats_BT
