"""From a grammar to the machine that tells its stories: one copy of all sentences for each combination of the latents."""

# A states of the fragments, S states of the machine, N transitions, E ways into a sentence

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from ssl_core.corpora.tinyworld.fragments import EXIT, Fragments, Way, mixture
from ssl_core.corpora.tinyworld.grammar import SEPARATOR, Grammar, Kind
from ssl_core.corpora.tinyworld.lexicon import grammar as built_in
from ssl_core.corpora.tinyworld.machine import FloatArray, IntArray, Machine
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_STATES = 400_000


@cache
def machine(language: str) -> Machine:
    """Return the machine of a built-in grammar, "en" or "zh"."""
    return compile(built_in(language))


def compile(grammar: Grammar) -> Machine:
    """Return the machine that tells exactly the stories of a grammar, each with its probability.

    After the i-th middle sentence a story ends with the chance that makes each number of middles equally likely; so the
    machine counts them: a sentence that may stand in several places has states of its own in each. States that say the
    same word and have the same future are one.
    Raises: UserError if the grammar has too many possibilities.
    """
    fragments = Fragments(grammar)
    chains = [
        _Chain([_stage(fragments, grammar, kind, place, latents) for kind, place in _stages(grammar)], share)
        for latents, share in grammar.combinations()
    ]
    table = _Table(fragments)
    num_states = 1 + sum(len(table.used(stage)) for chain in chains for stage in chain.stages)
    if num_states > MAX_STATES:
        raise UserError(
            N_("This grammar needs {found:,} states; at most {most:,} are possible. Take fewer latents or sentences."),
            found=num_states,
            most=MAX_STATES,
        )
    assembly = _Assembly(table, grammar.middles)
    for chain in chains:
        assembly.add(chain)
    return assembly.machine(fragments.words, [latents for latents, _share in grammar.combinations()])


@dataclass(frozen=True, slots=True)
class _Chain:
    """All sentences of stories with one combination of latents, in order: the opening, each middle, the ending."""

    stages: list[Way]
    share: float


def _stages(grammar: Grammar) -> list[tuple[Kind, int]]:
    return [("opening", 1), *(("middle", place) for place in range(1, grammar.middles[1] + 1)), ("ending", 1)]


def _stage(fragments: Fragments, grammar: Grammar, kind: Kind, place: int, latents: Mapping[str, str]) -> Way:
    templates = grammar.templates_at(kind, place, latents)
    total = sum(template.weight for template in templates)
    return mixture([(fragments.entry(template, latents), template.weight / total) for template in templates])


class _Table:
    """The fragments' states as arrays, and which of them a stage uses."""

    def __init__(self, fragments: Fragments) -> None:
        self._ways = fragments.ways
        inner = [[(state, p) for state, p in way if state != EXIT] for way in fragments.ways]
        self.first_A = np.concatenate([[0], np.cumsum([len(way) for way in inner])]).astype(np.int64)
        self.next = np.array([state for way in inner for state, _p in way], dtype=np.int64)
        self.probability = np.array([p for way in inner for _state, p in way], dtype=np.float64)
        self.exit_A = np.array([sum(p for state, p in way if state == EXIT) for way in fragments.ways])
        self._used: dict[Way, IntArray] = {}

    def used(self, stage: Way) -> IntArray:
        """Return the states that can be reached from a stage's beginning, in ascending order."""
        if stage not in self._used:
            seen = {state for state, _p in stage}
            waiting = list(seen)
            while waiting:
                for state, _p in self._ways[waiting.pop()]:
                    if state != EXIT and state not in seen:
                        seen.add(state)
                        waiting.append(state)
            self._used[stage] = np.array(sorted(seen), dtype=np.int64)
        return self._used[stage]

    def transitions(self, states: IntArray) -> tuple[IntArray, IntArray, FloatArray]:
        """Return the transitions among ``states``, which hold all their successors: row, column, probability."""
        counts = self.first_A[states + 1] - self.first_A[states]
        rows = np.repeat(np.arange(len(states)), counts)
        starts = np.cumsum(counts) - counts
        places = np.arange(len(rows)) + np.repeat(self.first_A[states] - starts, counts)
        return rows, np.searchsorted(states, self.next[places]), self.probability[places]


class _Assembly:
    """Puts the chains side by side, from the separator and back to it."""

    def __init__(self, table: _Table, middles: tuple[int, int]) -> None:
        self._table, self._middles = table, middles
        self._num_states = 1  # the separator is state 0
        self._origins: list[IntArray] = []  # of each state but the separator: its number among the fragments' states
        self._rows: list[IntArray] = []
        self._columns: list[IntArray] = []
        self._probabilities: list[FloatArray] = []
        self._sizes: list[int] = []  # of each chain

    def add(self, chain: _Chain) -> None:
        """Add the copy of one combination of the latents."""
        before = self._num_states
        begins = [self._place(stage) for stage in chain.stages]
        to_separator = np.zeros(1, dtype=np.int64), np.ones(1)
        self._link(np.zeros(1, dtype=np.int64), np.array([chain.share]), *begins[0][1:])
        last_middle = len(chain.stages) - 2
        for number, (exits, _columns, _shares) in enumerate(begins):
            leaving = self._table.exit_A[self._origins[number - len(begins)]]
            leaving = leaving[leaving > 0]
            if number == last_middle + 1:
                self._link(exits, leaving, *to_separator)
                continue
            ends = 1 / (last_middle - number + 1) if number >= self._middles[0] else 0.0
            if ends < 1:
                self._link(exits, leaving * (1 - ends), *begins[number + 1][1:])
            if ends > 0:
                self._link(exits, leaving * ends, *begins[-1][1:])
        self._sizes.append(self._num_states - before)

    def _place(self, stage: Way) -> tuple[IntArray, IntArray, FloatArray]:
        """Add a stage's states; return where it is left, and where it begins with which probability."""
        states = self._table.used(stage)
        rows, columns, probability = self._table.transitions(states)
        offset = self._num_states
        self._append(rows + offset, columns + offset, probability)
        self._origins.append(states)
        self._num_states += len(states)
        begin = np.searchsorted(states, [state for state, _p in stage]) + offset
        return np.flatnonzero(self._table.exit_A[states] > 0) + offset, begin, np.array([p for _state, p in stage])

    def _link(self, rows: IntArray, leaving: FloatArray, columns: IntArray, shares: FloatArray) -> None:
        self._append(np.repeat(rows, len(columns)), np.tile(columns, len(rows)), np.outer(leaving, shares).ravel())

    def _append(self, rows: IntArray, columns: IntArray, probability: FloatArray) -> None:
        self._rows.append(rows)
        self._columns.append(columns)
        self._probabilities.append(probability)

    def machine(self, words_A: list[str], latents: list[dict[str, str]]) -> Machine:
        """Return all that was added as one machine."""
        rows, columns = np.concatenate(self._rows), np.concatenate(self._columns)
        probability = np.concatenate(self._probabilities)
        order = np.lexsort((columns, rows))
        words = (SEPARATOR, *sorted(set(words_A)))
        numbers = {word: number for number, word in enumerate(words)}
        token_A = np.array([numbers[word] for word in words_A], dtype=np.int64)
        return Machine(
            words=words,
            token_S=np.concatenate([[0], token_A[np.concatenate(self._origins)]]),
            first_S=np.concatenate([[0], np.cumsum(np.bincount(rows, minlength=self._num_states))]),
            next_N=columns[order],
            probability_N=probability[order],
            latent_S=np.concatenate([[-1], np.repeat(np.arange(len(self._sizes)), self._sizes)]),
            latent_names=tuple(latents[0]),
            latent_values=tuple(tuple(drawn.values()) for drawn in latents),
        )
