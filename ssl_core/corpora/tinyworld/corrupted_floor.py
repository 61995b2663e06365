"""The floor where a pretext task has hidden, replaced or kept tokens: masked language modelling, replaced-token detection.

A reader of such a text knows that what is seen may be wrong. Where random tokens occur, every visible token may be one, and
that is weighed too; where none do, what is visible is true and the sparse messages serve.
"""

# B sequences, T tokens, H sequences asked about at one position, S states, V words

import numpy as np

from ssl_core.corpora.tinyworld.corrupted import CorruptedTokens, CorruptedWords, choosing_words
from ssl_core.corpora.tinyworld.hidden import emissions, hidden_places
from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN
from ssl_core.corpora.tinyworld.noisy import ReadPlace, read
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.pretext.base import IGNORED, Corruption, Vocabulary


def masked_nats(
    machine: Machine,
    seen_ids_BT: IntArray,
    target_ids_BT: IntArray,
    corruption: Corruption,
    vocabulary: Vocabulary,
    starts_word_S: BoolArray | None = None,
) -> FloatArray:
    """Return -log p(target | all that is seen, and that it is asked for) at every predicted position, (B, T), else NaN.

    Only chosen tokens are asked for, so a network that is trained on these learns, of a token it sees, how likely it is to
    be itself given that it was chosen. ``starts_word_S`` tells which states begin a word; None: all do.
    """
    is_by_word = corruption.whole_words and starts_word_S is not None and not starts_word_S.all()
    if corruption.random_rate == 0 and not is_by_word:
        return _true_text_nats(machine, seen_ids_BT, target_ids_BT, vocabulary)
    evidence = CorruptedTokens(corruption, vocabulary)
    if is_by_word:
        assert starts_word_S is not None
        evidence = CorruptedWords(corruption, vocabulary)
        machine = reduced(choosing_words(machine, starts_word_S, corruption.chosen_rate))
    nats_BT = np.full(target_ids_BT.shape, np.nan)
    for place in read(machine, seen_ids_BT, evidence.likelihood, target_ids_BT != IGNORED):
        at_H = place.sequences_H, place.position
        by_token_VH = _by_token(machine, place)[-vocabulary.size :]  # by words: those of chosen words
        nats_BT[at_H] = _nats(by_token_VH * evidence.chosen_VB(seen_ids_BT[at_H]), target_ids_BT[at_H])
    return nats_BT


def replaced_nats(
    machine: Machine, seen_ids_BT: IntArray, is_replaced_BT: BoolArray, corruption: Corruption, vocabulary: Vocabulary
) -> FloatArray:
    """Return -log p(whether the token is the original | all that is seen) at every position, (B, T).

    Exact where the replacements are drawn without looking at the text, from ``corruption.random_V``. What a network
    puts in depends on the whole text around it in a way that no chain of states follows: there the floor is not known.
    """
    evidence = CorruptedTokens(corruption, vocabulary)
    nats_BT = np.empty(seen_ids_BT.shape)
    for place in read(machine, seen_ids_BT, evidence.likelihood, np.ones(seen_ids_BT.shape, dtype=np.bool_)):
        at_H = place.sequences_H, place.position
        seen_H = seen_ids_BT[at_H]
        by_token_VH = _by_token(machine, place) * evidence.likelihood(seen_H)
        total_H, original_H = by_token_VH.sum(axis=0), by_token_VH[seen_H, np.arange(len(seen_H))]
        by_token_VH[seen_H, np.arange(len(seen_H))] = 0.0
        said_H = np.where(is_replaced_BT[at_H], by_token_VH.sum(axis=0), original_H)
        with np.errstate(divide="ignore"):
            nats_BT[at_H] = -np.log(said_H / total_H)
    return nats_BT


def _true_text_nats(machine: Machine, seen_BT: IntArray, target_BT: IntArray, vocabulary: Vocabulary) -> FloatArray:
    """Read a text in which all that is visible is true; of the chosen tokens, those kept cost nothing."""
    nats_BT = np.where(target_BT != IGNORED, 0.0, np.nan)
    is_ordinary_S = ~np.isin(machine.token_S, vocabulary.special_ids)
    hidden_BT = np.where(seen_BT == vocabulary.mask_id, HIDDEN, seen_BT)
    for place in hidden_places(machine, hidden_BT, may_hide_S=is_ordinary_S):
        at_H = place.sequences_H, place.position
        nats_BT[at_H] = -place.log_probability(machine, target_BT[at_H])
    return nats_BT


def _by_token(machine: Machine, place: ReadPlace) -> FloatArray:
    """Add up states that emit one token, (V, H)."""
    return np.asarray(emissions(machine).T @ place.elsewhere_SH)


def _nats(share_VH: FloatArray, target_H: IntArray) -> FloatArray:
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(share_VH[target_H, np.arange(len(target_H))] / share_VH.sum(axis=0)))
