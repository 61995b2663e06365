"""Byte-pair learning in the open: which pair is joined next, how often it occurs, and what that leaves."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import heapify, heappop, heappush
from itertools import pairwise

Pair = tuple[str, str]
Words = Mapping[tuple[str, ...], int]
"""Words as sequences of characters, each with how often it occurs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """One step of learning: two neighbours become one token."""

    left: str
    right: str
    joined: str  # the new token
    count: int | None = None  # how often the pair occurred when it was joined, where that is known ("aaa" holds "aa" twice)
    num_tokens: int | None = None  # into how many tokens all words fall after it

    @property
    def pair(self) -> Pair:
        """The two tokens."""
        return self.left, self.right


Ranks = dict[Pair, tuple[int, Merge]]


def learn_merges(words: Words, alphabet: Sequence[str], num_merges: int, mark: str = "") -> Iterator[Merge]:
    """Give the merges one by one: always the most frequent pair; of equals, the one whose tokens have the smaller numbers.

    The tokens of ``alphabet`` are numbered in its order. ``mark`` is what stands before a piece inside a word ("##").
    Source: Sennrich et al. 2016, arXiv:1508.07909, algorithm 1.
    """
    table = _Pairs(words)
    number_of = {token: number for number, token in enumerate(alphabet)}
    waiting = [(-count, number_of[pair[0]], number_of[pair[1]], pair) for pair, count in table.counts.items()]
    heapify(waiting)
    while waiting and num_merges > 0:
        count, _left, _right, pair = heappop(waiting)
        now = table.counts.get(pair, 0)
        if now != -count:  # joins since then took some of them away
            if now:
                heappush(waiting, (-now, number_of[pair[0]], number_of[pair[1]], pair))
            continue
        merge = Merge(left=pair[0], right=pair[1], joined=pair[0] + pair[1].removeprefix(mark), count=now)
        number_of.setdefault(merge.joined, len(number_of))
        for grown in table.join(merge):
            heappush(waiting, (-table.counts[grown], number_of[grown[0]], number_of[grown[1]], grown))
        num_merges -= 1
        yield replace(merge, num_tokens=table.num_tokens)


def counted(merges: Iterable[Merge], words: Words) -> Iterator[Merge]:
    """Give merges that are known already, each with how often its pair occurs in these words when it is joined."""
    table = _Pairs(words)
    for merge in merges:
        count = table.counts.get(merge.pair, 0)
        table.join(merge)
        yield replace(merge, count=count, num_tokens=table.num_tokens)


def ranks(merges: Sequence[Merge]) -> Ranks:
    """Return for each pair when it is joined, counted from 0."""
    return {merge.pair: (place, merge) for place, merge in reversed(list(enumerate(merges)))}


def joined_by(rank_of: Ranks, word: Sequence[str], num_merges: int) -> list[str]:
    """Return a word after the first so many merges, the earliest first."""
    parts = list(word)
    while True:
        found = [rank_of[pair] for pair in pairwise(parts) if pair in rank_of]
        place, merge = min(found, key=lambda each: each[0], default=(num_merges, None))
        if merge is None or place >= num_merges:
            return parts
        parts = _joined(parts, merge)


class _Pairs:
    """The pairs of neighbours in some words, kept up to date while pairs are joined."""

    def __init__(self, words: Words) -> None:
        self._parts = [list(word) for word in words]
        self._times = list(words.values())
        self.num_tokens = sum(len(word) * count for word, count in words.items())
        self.counts: dict[Pair, int] = defaultdict(int)
        self._places: dict[Pair, set[int]] = defaultdict(set)  # words that hold a pair, or held it once
        for place, parts in enumerate(self._parts):
            self._count(place, parts, 1)

    def join(self, merge: Merge) -> list[Pair]:
        """Join a pair wherever it occurs and return the pairs that are more frequent for it."""
        before: dict[Pair, int] = {}
        for place in sorted(self._places.pop(merge.pair, ())):
            old = self._parts[place]
            new: list[str] = []
            done = 0
            for start, end in _stretches(old, merge):
                joined = _joined(old[start:end], merge)
                for pair in {*pairwise(old[start:end]), *pairwise(joined)}:
                    before.setdefault(pair, self.counts.get(pair, 0))
                self._count(place, old[start:end], -1)
                self._count(place, joined, 1)
                self.num_tokens -= (end - start - len(joined)) * self._times[place]
                new += [*old[done:start], *joined]
                done = end
            self._parts[place] = [*new, *old[done:]]
        return [pair for pair, count in before.items() if self.counts.get(pair, 0) > count]

    def _count(self, place: int, parts: Sequence[str], sign: int) -> None:
        for pair in pairwise(parts):
            self.counts[pair] += sign * self._times[place]
            if sign > 0:
                self._places[pair].add(place)
            elif not self.counts[pair]:
                del self.counts[pair]


def _stretches(parts: list[str], merge: Merge) -> list[tuple[int, int]]:
    """Return where a word changes: each pair to be joined with its two neighbours, close ones taken together."""
    found: list[tuple[int, int]] = []
    place = 0
    while place + 1 < len(parts):
        if parts[place] != merge.left or parts[place + 1] != merge.right:
            place += 1
            continue
        start, end = max(0, place - 1), min(len(parts), place + 3)
        if found and start < found[-1][1]:
            start = found.pop()[0]
        found.append((start, end))
        place += 2
    return found


def _joined(parts: Sequence[str], merge: Merge) -> list[str]:
    found: list[str] = []
    place = 0
    while place < len(parts):
        is_pair = parts[place] == merge.left and place + 1 < len(parts) and parts[place + 1] == merge.right
        found.append(merge.joined if is_pair else parts[place])
        place += 1 + is_pair
    return found
