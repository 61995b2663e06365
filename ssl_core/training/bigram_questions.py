"""What a network is asked, as questions to a bigram model: the nearest tokens that can be seen, and how far away they are."""

# B rows, T tokens, U tokens a decoder writes, N tokens asked for, M tokens asked for in a row

from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Vocabulary
from ssl_core.training.bigram_model import UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """Tokens that are asked for, row by row, with what can be seen; UNKNOWN where that is no token, but an edge."""

    targets_N: IntArray
    left_N: IntArray  # the nearest token on the left that can be seen
    steps_from_left_N: IntArray  # 1: it stands right beside; what lies between can't be seen
    right_N: IntArray
    steps_to_right_N: IntArray
    shown_N: IntArray  # what stands in the asked token's own place; UNKNOWN where that tells nothing

    def at(self, places: Any) -> "Questions":
        """Return some of the questions."""
        return Questions(**{each.name: getattr(self, each.name)[places] for each in fields(self)})


def questions(ids_BT: IntArray, examples: Examples, vocabulary: Vocabulary) -> Questions:
    """Return what the examples ask and what can be seen there; ``ids_BT`` is their clean text.

    - A causal model sees the token to the left, and nothing to the right.
    - A decoder writes from left to right, too. What it sees to the left is the true token: written just now or, where a gap
      begins, standing before the gap's mark in the encoder. What comes after a gap is not used: nothing says how far off it is.
    - Where both sides are read, everything but the hidden tokens is seen; in a drawn order, what comes before the asked token.
      Random tokens that stand in for others count as hidden: this reader is told which they are, as no network is. Tokens
      that were chosen and left as they are count as visible when another token is asked for.
    - Beyond the edge of a row nothing is known. [CLS], [SEP] and padding that a task puts around its texts are such edges, as
      is the start token of a decoder; a [SEP] of the text itself is a token like any other.
    """
    if examples.decoder_target_ids_BU is not None:
        return _of_decoder(examples, vocabulary)
    if examples.attention == "causal":
        is_asked_BT = examples.is_predicted_BT
        return _from_left(examples.target_ids_BT[is_asked_BT], examples.seen_ids_BT[is_asked_BT])
    return _of_both_sides(ids_BT, examples, vocabulary)


def _from_left(targets_N: IntArray, left_N: IntArray) -> Questions:
    beside_N, nothing_N = np.ones_like(targets_N), np.full_like(targets_N, UNKNOWN)
    return Questions(
        targets_N=targets_N, left_N=left_N, steps_from_left_N=beside_N, right_N=nothing_N, steps_to_right_N=beside_N,
        shown_N=nothing_N,
    )  # fmt: skip


def _of_decoder(examples: Examples, vocabulary: Vocabulary) -> Questions:
    asked_BU, read_BU, counts_BU = examples.decoder_target_ids_BU, examples.decoder_ids_BU, examples.decoder_counts_BU
    assert asked_BU is not None, "a decoder is asked"
    assert read_BU is not None, "a decoder reads"
    left_BU = np.where(read_BU >= vocabulary.size, _before_gap_BU(examples.seen_ids_BT, read_BU, vocabulary.size), read_BU)
    left_BU[:, 0] = UNKNOWN  # the start token says nothing of what stood before
    is_asked_BU = (asked_BU != IGNORED) & (True if counts_BU is None else counts_BU)
    return _from_left(asked_BU[is_asked_BU], left_BU[is_asked_BU])


def _before_gap_BU(seen_ids_BT: IntArray, marks_BU: IntArray, first_mark: int) -> IntArray:
    """Return what the encoder sees before each mark of a gap, (B, U); UNKNOWN before a gap at the edge."""
    found_BU = np.full_like(marks_BU, UNKNOWN)
    for row, at in zip(*np.nonzero(marks_BU >= first_mark), strict=True):
        place = int(np.argmax(seen_ids_BT[row] == marks_BU[row, at]))  # 0, too, for the mark that only ends the answer
        found_BU[row, at] = seen_ids_BT[row, place - 1] if place else UNKNOWN
    return found_BU


def _of_both_sides(ids_BT: IntArray, examples: Examples, vocabulary: Vocabulary) -> Questions:
    """Find the nearest tokens that can be seen, row by row."""
    seen_BT, target_BT, is_asked_BT = examples.seen_ids_BT, examples.target_ids_BT, examples.is_predicted_BT
    true_BT = np.where(is_asked_BT, target_BT, seen_BT)
    token_BT = np.where(_is_edge_BT(true_BT, ids_BT, vocabulary), UNKNOWN, true_BT)
    rank_BT = examples.ranks_BT if examples.ranks_BT is not None else (seen_BT != true_BT).astype(np.int64)
    shown_BT = np.where((seen_BT == vocabulary.mask_id) | (examples.ranks_BT is not None), UNKNOWN, seen_BT)
    places = [_nearest_M(*row) for row in zip(is_asked_BT, rank_BT, strict=True)]
    rows_N, at_N = np.nonzero(is_asked_BT)
    left_N, right_N = (np.concatenate(each) for each in zip(*places, strict=True))
    framed_BT = np.pad(token_BT, ((0, 0), (1, 1)), constant_values=UNKNOWN)
    return Questions(
        targets_N=target_BT[is_asked_BT],
        left_N=framed_BT[rows_N, left_N + 1],
        steps_from_left_N=at_N - left_N,
        right_N=framed_BT[rows_N, right_N + 1],
        steps_to_right_N=right_N - at_N,
        shown_N=shown_BT[is_asked_BT],
    )


def _is_edge_BT(true_BT: IntArray, ids_BT: IntArray, vocabulary: Vocabulary) -> BoolArray:
    """Return which tokens only frame a text: none where the rows are the text itself."""
    if np.array_equal(true_BT, ids_BT):
        return np.zeros(true_BT.shape, dtype=np.bool_)
    return np.isin(true_BT, (vocabulary.pad_id, vocabulary.cls_id, vocabulary.sep_id))


def _nearest_M(is_asked_T: BoolArray, rank_T: IntArray) -> tuple[IntArray, IntArray]:
    """Return for each token asked for the nearest places on the left (-1: none) and on the right (T: none) that it sees.

    Rank 0 is seen by all; others are seen by whoever comes after them in the order. No token sees itself.
    """
    place_T, asked_M1 = np.arange(len(rank_T)), np.flatnonzero(is_asked_T)[:, None]
    is_seen_MT = rank_T < np.maximum(rank_T[asked_M1], 1)
    left_M = np.where(is_seen_MT & (place_T < asked_M1), place_T, -1).max(axis=1)
    right_M = np.where(is_seen_MT & (place_T > asked_M1), place_T, len(rank_T)).min(axis=1)
    return left_M, right_M
