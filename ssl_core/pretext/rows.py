"""Rows from which tokens are taken out, or into which some are put: packed to the left, filled up with padding."""

# B batch, S slots, W width of the longest packed row, U tokens that a decoder writes

from typing import TypeVar

import numpy as np
import numpy.typing as npt

from ssl_core.pretext.base import BoolArray, IntArray

Kind = TypeVar("Kind", bound=np.generic)


def packed(values_BS: npt.NDArray[Kind], is_there_BS: BoolArray, fill: int) -> npt.NDArray[Kind]:
    """Return the values that are there, row by row without gaps, (B, W); shorter rows end in ``fill``."""
    length_B = is_there_BS.sum(axis=1)
    width = max(1, int(length_B.max(initial=0)))
    packed_BW = np.full((len(values_BS), width), fill, dtype=values_BS.dtype)
    packed_BW[np.arange(width) < length_B[:, None]] = values_BS[is_there_BS]
    return packed_BW


def segment_lengths(rng: np.random.Generator, num_items: int, num_segments: int) -> IntArray:
    """Cut a row of items into segments of at least one item each, every way of cutting being equally likely.

    Source: Raffel et al. 2019, arXiv:1910.10683, as in their code (``random_segmentation``).
    """
    cuts = np.sort(rng.choice(num_items - 1, num_segments - 1, replace=False)) + 1
    return np.diff(np.concatenate([[0], cuts, [num_items]]))


def shifted(ids_BU: IntArray, start_id: int) -> IntArray:
    """Return what a decoder has read when it is asked for each of ``ids_BU``: a start token, then all tokens before."""
    before_BU = np.empty_like(ids_BU)
    before_BU[:, :1], before_BU[:, 1:] = start_id, ids_BU[:, :-1]
    return before_BU
