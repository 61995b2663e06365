"""All ways to spell many words with given pieces, weighed at once."""

# W words, C characters of all words together, M nodes (one before each character of a word and one at its end), E edges

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]

IMPOSSIBLE = -1e30


@dataclass(frozen=True, slots=True, kw_only=True)
class Lattice:
    """Each edge spells a stretch of one word with one piece; the edges are in the order of where they end in their word.

    A word of n characters has n + 1 nodes, numbered one after the other.
    """

    num_nodes: int
    first_W: IntArray  # the node before each word
    last_W: IntArray  # the node at each word's end
    start_E: IntArray
    end_E: IntArray
    piece_E: IntArray
    depth_E: IntArray  # how many characters of its word lie before an edge's end

    def narrowed(self, is_kept_E: npt.NDArray[np.bool_]) -> "Lattice":
        """Return the lattice with some of its edges only."""
        parts = {name: getattr(self, name)[is_kept_E] for name in ("start_E", "end_E", "piece_E", "depth_E")}
        return Lattice(num_nodes=self.num_nodes, first_W=self.first_W, last_W=self.last_W, **parts)


def lattice(num_nodes: int, first_W: IntArray, last_W: IntArray, edges: tuple[IntArray, IntArray, IntArray]) -> Lattice:
    """Put edges (start node, end node, piece) in order."""
    start_E, end_E, piece_E = edges
    depth_M = np.zeros(num_nodes, dtype=np.int64)
    depth_M[first_W[1:]] = -(last_W - first_W)[:-1] - 1
    depth_M = np.cumsum(depth_M + 1) - 1
    order_E = np.lexsort((end_E, depth_M[end_E]))
    start_E, end_E, piece_E = start_E[order_E], end_E[order_E], piece_E[order_E]
    return Lattice(
        num_nodes=num_nodes, first_W=first_W, last_W=last_W, start_E=start_E, end_E=end_E, piece_E=piece_E,
        depth_E=depth_M[end_E],
    )  # fmt: skip


def expected_counts(ways: Lattice, score_P: FloatArray, count_W: FloatArray) -> tuple[FloatArray, float]:
    """Return how often each piece is used, all ways to spell each word weighed by their probability; and the log-likelihood.

    Forward-backward over all words at once, depth by depth, in natural logarithms.
    """
    forward_M = _sweep(ways, score_P)
    backward_M = _sweep_back(ways, score_P)
    total_W = forward_M[ways.last_W]
    word_M = np.repeat(np.arange(len(count_W)), ways.last_W - ways.first_W + 1)
    word_E = word_M[ways.start_E]
    log_share_E = forward_M[ways.start_E] + score_P[ways.piece_E] + backward_M[ways.end_E] - total_W[word_E]
    is_spelled_W = total_W > IMPOSSIBLE / 2
    weight_E = np.where(is_spelled_W[word_E], np.exp(np.minimum(log_share_E, 0.0)) * count_W[word_E], 0.0)
    used_P: FloatArray = np.bincount(ways.piece_E, weights=weight_E, minlength=len(score_P)).astype(np.float64)
    return used_P, float(np.where(is_spelled_W, total_W, 0.0) @ count_W)


def best_scores(ways: Lattice, score_P: FloatArray) -> FloatArray:
    """Return the score of the best way to spell each word; IMPOSSIBLE where there is none."""
    best_M = np.full(ways.num_nodes, IMPOSSIBLE)
    best_M[ways.first_W] = 0.0
    for low, high in _levels(ways.depth_E):
        ends, places = _groups(ways.end_E[low:high])
        best_M[ends] = np.maximum.reduceat(best_M[ways.start_E[low:high]] + score_P[ways.piece_E[low:high]], places)
    return np.asarray(np.maximum(best_M[ways.last_W], IMPOSSIBLE))


def _sweep(ways: Lattice, score_P: FloatArray) -> FloatArray:
    forward_M = np.full(ways.num_nodes, IMPOSSIBLE)
    forward_M[ways.first_W] = 0.0
    for low, high in _levels(ways.depth_E):
        ends, places = _groups(ways.end_E[low:high])
        forward_M[ends] = _log_sums(forward_M[ways.start_E[low:high]] + score_P[ways.piece_E[low:high]], places)
    return forward_M


def _sweep_back(ways: Lattice, score_P: FloatArray) -> FloatArray:
    depth_of_start_E = ways.depth_E - (ways.end_E - ways.start_E)
    order_E = np.lexsort((ways.start_E, -depth_of_start_E))
    start_E, end_E, piece_E = ways.start_E[order_E], ways.end_E[order_E], ways.piece_E[order_E]
    backward_M = np.full(ways.num_nodes, IMPOSSIBLE)
    backward_M[ways.last_W] = 0.0
    for low, high in _levels(depth_of_start_E[order_E]):
        starts, places = _groups(start_E[low:high])
        backward_M[starts] = _log_sums(backward_M[end_E[low:high]] + score_P[piece_E[low:high]], places)
    return backward_M


def _levels(depth_E: IntArray) -> list[tuple[int, int]]:
    bounds = [0, *(np.flatnonzero(np.diff(depth_E)) + 1).tolist(), len(depth_E)]
    return [(low, high) for low, high in pairwise(bounds) if high > low]


def _groups(nodes_E: IntArray) -> tuple[IntArray, IntArray]:
    places = np.concatenate([[0], np.flatnonzero(np.diff(nodes_E)) + 1])
    return nodes_E[places], places


def _log_sums(values_E: FloatArray, places: IntArray) -> FloatArray:
    top = np.maximum.reduceat(values_E, places)
    sizes = np.diff(np.append(places, len(values_E)))
    return np.asarray(top + np.log(np.add.reduceat(np.exp(values_E - np.repeat(top, sizes)), places)))
