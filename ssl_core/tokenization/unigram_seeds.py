"""The pieces that a unigram model begins with: frequent stretches of words, and where they occur."""

# W different words, C characters of all of them, N stretches, G different stretches, P pieces, E edges

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization.lattice import FloatArray, IntArray, Lattice, lattice

MAX_PIECE = 16
"""Characters in the longest piece, as SentencePiece has it."""

MIN_COUNT = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeds:
    """Pieces to begin with; ``ways`` spells the words with them, ``within`` each piece with the others."""

    pieces: list[str]
    count_P: FloatArray
    ways: Lattice
    within: Lattice
    count_W: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretches:
    """All stretches of one length that occur often enough: where each is, which one it is, how often that one occurs."""

    length: int
    place_N: IntArray  # of the first character
    which_N: IntArray
    count_G: FloatArray
    first_G: IntArray  # where each different one occurs first

    def only(self, is_kept_G: BoolArray) -> "_Stretches":
        """Return some of the different stretches, numbered anew."""
        is_kept_N = is_kept_G[self.which_N]
        return _Stretches(
            length=self.length, place_N=self.place_N[is_kept_N], which_N=(np.cumsum(is_kept_G) - 1)[self.which_N[is_kept_N]],
            count_G=self.count_G[is_kept_G], first_G=self.first_G[is_kept_G],
        )  # fmt: skip


def seeds_of(words: Mapping[str, int], num_seeds: int) -> Seeds:
    """Find the stretches that cover most of the words: count times length decides; single characters are always there.

    The order of ``words`` decides between equals.
    """
    text = "".join(words)
    size_W = np.array([len(word) for word in words], dtype=np.int64)
    count_W = np.array(list(words.values()), dtype=np.float64)
    word_C = np.repeat(np.arange(len(size_W)), size_W)
    end_C = np.repeat(np.cumsum(size_W), size_W)
    kept = _worthiest(_frequent(text, count_W[word_C], end_C), num_seeds)
    pieces = [text[place : place + each.length] for each in kept for place in each.first_G.tolist()]
    before = np.cumsum([0, *(len(each.first_G) for each in kept)])
    start_E = _joined([each.place_N + word_C[each.place_N] for each in kept])  # a word has one node more than characters
    end_E = start_E + _joined([np.full(len(each.place_N), each.length) for each in kept])
    piece_E = _joined([each.which_N + first for each, first in zip(kept, before, strict=False)])
    first_W = np.cumsum(size_W + 1) - size_W - 1
    return Seeds(
        pieces=pieces,
        count_P=np.concatenate([np.zeros(0), *(each.count_G for each in kept)]),
        ways=lattice(int((size_W + 1).sum()), first_W, first_W + size_W, (start_E, end_E, piece_E)),
        within=_within(pieces),
        count_W=count_W,
    )


def _frequent(text: str, count_C: FloatArray, end_C: IntArray) -> list[_Stretches]:
    """Find the frequent stretches, a character longer each time: such a one begins and ends with a frequent shorter one."""
    letter_C = np.unique(np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32), return_inverse=True)[1].astype(np.int64)
    num_letters, places_C = int(letter_C.max(initial=0)) + 1, np.arange(len(letter_C))
    found: list[_Stretches] = []
    which_C = np.zeros_like(letter_C)  # of the stretch one character shorter that begins here; -1: it is rare
    for length in range(1, MAX_PIECE + 1):
        place_N = np.flatnonzero((which_C >= 0) & (places_C + length <= end_C))
        if not len(place_N):
            break
        code_N = which_C[place_N] * num_letters + letter_C[place_N + length - 1]
        _codes, first_G, which_N = np.unique(code_N, return_index=True, return_inverse=True)
        count_G = np.bincount(which_N, weights=count_C[place_N]).astype(np.float64)
        every = _Stretches(length=length, place_N=place_N, which_N=which_N, count_G=count_G, first_G=place_N[first_G])
        frequent = every.only(count_G >= (MIN_COUNT if length > 1 else 0))
        found.append(frequent)
        which_C = np.full_like(letter_C, -1)
        which_C[frequent.place_N] = frequent.which_N
    return found


def _worthiest(found: list[_Stretches], num_seeds: int) -> list[_Stretches]:
    """Keep the stretches that cover most of the text, and each single character."""
    worth = [np.full(len(each.count_G), np.inf) if each.length == 1 else each.count_G * each.length for each in found]
    flat = np.concatenate([np.zeros(0), *worth])
    is_kept = np.isinf(flat)
    is_kept[np.argsort(-flat, kind="stable")[:num_seeds]] = True
    parts = np.split(is_kept, np.cumsum([len(each) for each in worth]))
    return [each.only(part) for each, part in zip(found, parts, strict=False)]


def _joined(parts: list[IntArray]) -> IntArray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _within(pieces: list[str]) -> Lattice:
    """Return the ways to spell each piece with shorter ones."""
    number_of = {piece: number for number, piece in enumerate(pieces)}
    size_P = np.array([len(piece) for piece in pieces], dtype=np.int64)
    first_P = np.cumsum(size_P + 1) - size_P - 1
    edges: list[tuple[int, int, int]] = []
    for piece, first in zip(pieces, first_P.tolist(), strict=True):
        for start in range(len(piece)):
            for end in range(start + 1, len(piece) + (start > 0)):
                number = number_of.get(piece[start:end])
                if number is not None:
                    edges.append((first + start, first + end, number))
    starts, ends, numbers = np.array(edges, dtype=np.int64).reshape(-1, 3).T
    return lattice(int((size_P + 1).sum()), first_P, first_P + size_P, (starts, ends, numbers))
