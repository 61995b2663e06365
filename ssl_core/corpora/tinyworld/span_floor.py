"""The floor where whole spans were hidden: what a reader loses who is told which tokens to trust."""

# B sequences, T tokens, H sequences asked about at one position, S states, V words

import numpy as np

from ssl_core.corpora.tinyworld.hidden import emissions, hidden_places
from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN
from ssl_core.corpora.tinyworld.noisy import read
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.corpora.tinyworld.spelled import with_word_starts
from ssl_core.pretext.base import Vocabulary


def unseen_nats(machine: Machine, ids_BT: IntArray, is_unseen_BT: BoolArray, vocabulary: Vocabulary) -> FloatArray:
    """Return -log p(token | all tokens but the unseen ones) at every unseen position, (B, T), else NaN.

    What is unseen is never a special token, and the reader knows that.
    """
    nats_BT = np.full(ids_BT.shape, np.nan)
    is_ordinary_S = ~np.isin(machine.token_S, vocabulary.special_ids)
    for place in hidden_places(machine, np.where(is_unseen_BT, HIDDEN, ids_BT), may_hide_S=is_ordinary_S):
        at_H = place.sequences_H, place.position
        nats_BT[at_H] = -place.log_probability(machine, ids_BT[at_H])
    return nats_BT


def unseen_word_nats(
    machine: Machine,
    ids_BT: IntArray,
    is_unseen_BT: BoolArray,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray,
    starts_word_S: BoolArray,
) -> FloatArray:
    """Return the same where the reader is also told, of every position, whether a word begins there."""
    V, unseen = vocabulary.size, 2 * vocabulary.size
    marked = reduced(with_word_starts(machine, starts_word_S))
    is_ordinary_2V = ~np.isin(np.arange(unseen) // 2, vocabulary.special_ids)
    begins_2V = np.arange(unseen) % 2

    def likelihood(code_B: IntArray) -> FloatArray:
        is_it = np.arange(unseen)[:, None] == code_B
        may_be_it = is_ordinary_2V[:, None] & (begins_2V[:, None] == code_B - unseen)
        return np.asarray(is_it | may_be_it, dtype=np.float64)

    codes_BT = np.where(is_unseen_BT, unseen, 2 * ids_BT) + starts_word_BT
    nats_BT = np.full(ids_BT.shape, np.nan)
    for place in read(marked, codes_BT, likelihood, is_unseen_BT):
        at_H = place.sequences_H, place.position
        share_2VH = (emissions(marked).T @ place.elsewhere_SH) * likelihood(codes_BT[at_H])
        share_VH = share_2VH.reshape(V, 2, -1).sum(axis=1)
        with np.errstate(divide="ignore"):
            nats_BT[at_H] = -np.log(share_VH[ids_BT[at_H], np.arange(len(at_H[0]))] / share_VH.sum(axis=0))
    return nats_BT
