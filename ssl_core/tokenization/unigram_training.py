"""Learning a unigram language model of pieces: begin with far too many, weigh them, drop those that are missed least."""

# W different words, P pieces, E edges of a lattice

from collections import Counter
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

import numpy as np

from ssl_core.pretext.base import BoolArray
from ssl_core.tokenization import lattice
from ssl_core.tokenization.lattice import IMPOSSIBLE, FloatArray
from ssl_core.tokenization.unigram_seeds import Seeds, seeds_of

MAX_WORD = 48
"""Longer words (a Chinese clause is one) are trained on in parts of this many characters."""

_SEEDS_PER_PIECE = 8
_MIN_SEEDS = 4000
_SHRINKING = 0.75  # share of pieces that outlive a round
_EM_ROUNDS = 2  # between two prunings
_MIN_USED = 0.5  # a piece that is used less often than this is dropped at once
_LEAST_USED = 0.01  # what a character that is never used by itself counts as
_NAMED = 12  # dropped pieces that a round remembers


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of pruning: how many pieces there were, how well they spelled the text, and which were dropped."""

    num_pieces: int
    nats_per_character: float
    dropped: tuple[str, ...]  # those missed least first; a few of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Pieces with their log-probabilities, the likeliest first, and how they came about."""

    scores: dict[str, float]
    rounds: tuple[Round, ...]


OnRound = Callable[[dict[str, float]], None]


def ignore_round(scores: dict[str, float]) -> None:
    """Let a round pass unseen."""


def learn(words: Mapping[str, int], num_pieces: int, alphabet: Set[str], on_round: OnRound = ignore_round) -> Learned:
    """Learn pieces from words and their counts. The characters of ``alphabet`` always stay pieces.

    Expectation-maximisation weighs the pieces; each round drops the quarter without which the text would lose least
    likelihood, until ``num_pieces`` are left. ``on_round`` hears the pieces of each round with their log-probabilities.

    Source: Kudo 2018, arXiv:1804.10959, section 3.2. What a text loses without a piece is reckoned as in the SentencePiece
    program: the piece is spelled with the best other pieces. Plain maximum likelihood, where that program damps small counts.
    """
    seeds = seeds_of(_parts(words, alphabet), max(_SEEDS_PER_PIECE * num_pieces, _MIN_SEEDS))
    num_characters = max(1.0, float((seeds.ways.last_W - seeds.ways.first_W) @ seeds.count_W))
    is_single_P = np.array([len(piece) == 1 for piece in seeds.pieces], dtype=bool)
    used_P, is_left_P = seeds.count_P, np.ones(len(seeds.pieces), dtype=bool)
    ways, rounds = seeds.ways, []
    while True:
        for _ in range(_EM_ROUNDS):
            used_P, log_likelihood = lattice.expected_counts(ways, _scores(used_P, is_left_P), seeds.count_W)
            is_left_P &= is_single_P | (used_P >= _MIN_USED)
            ways = ways.narrowed(is_left_P[ways.piece_E])
        num_left = int(is_left_P.sum())
        num_dropped = num_left - max(num_pieces, int(_SHRINKING * num_left))
        dropped = _least_missed(seeds, used_P, is_left_P, is_single_P)[: max(0, num_dropped)]
        named = tuple(seeds.pieces[each] for each in dropped[:_NAMED])
        on_round(_scores_of(seeds.pieces, used_P, is_left_P))
        rounds.append(Round(num_pieces=num_left, nats_per_character=-log_likelihood / num_characters, dropped=named))
        if not dropped:
            break
        is_left_P[dropped] = False
        ways = ways.narrowed(is_left_P[ways.piece_E])
    scores = _scores_of(seeds.pieces, used_P, is_left_P)
    return Learned(scores=dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))), rounds=tuple(rounds))


def _scores_of(pieces: list[str], used_P: FloatArray, is_left_P: BoolArray) -> dict[str, float]:
    score_P = _scores(used_P, is_left_P)
    return {pieces[each]: round(float(score_P[each]), 6) for each in np.flatnonzero(is_left_P)}


def _least_missed(seeds: Seeds, used_P: FloatArray, is_left_P: BoolArray, is_single_P: BoolArray) -> list[int]:
    """Return the pieces that may go, those first without which the text would lose least likelihood."""
    score_P = _scores(used_P, is_left_P)
    without_P = lattice.best_scores(seeds.within.narrowed(is_left_P[seeds.within.piece_E]), score_P)
    missed_P = used_P * (score_P - without_P)
    may_go_P = is_left_P & ~is_single_P
    return [each for each in np.argsort(missed_P, kind="stable").tolist() if may_go_P[each]]


def _scores(used_P: FloatArray, is_left_P: BoolArray) -> FloatArray:
    weights_P = np.where(is_left_P, np.maximum(used_P, _LEAST_USED), 0.0)
    return np.where(is_left_P, np.log(np.maximum(weights_P, _LEAST_USED) / weights_P.sum()), IMPOSSIBLE)


def _parts(words: Mapping[str, int], alphabet: Set[str]) -> dict[str, int]:
    """Cut words where a character has no piece, and long ones into parts; sorted, so that nothing hangs on their order."""
    counts: Counter[str] = Counter()
    for word, count in words.items():
        known = "".join(each if each in alphabet else "\0" for each in word)
        for run in known.split("\0"):
            for start in range(0, len(run), MAX_WORD):
                counts[run[start : start + MAX_WORD]] += count
    return dict(sorted(counts.items()))
