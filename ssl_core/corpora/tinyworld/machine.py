"""The grammar as a machine: a hidden Markov chain each of whose states emits one word."""

# S states, N transitions, V words, L latent choices

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

ROW_TOLERANCE = 1e-9
"""How far from 1 the probabilities of leaving a state may add up; rounding of a few hundred terms stays far below it."""

NOTHING_LEFT = 1e-18
MOST_WORDS = 100_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Machine:
    """States, what each emits, and where it goes next; one state, the separator, stands between two stories.

    A story is what is emitted from the separator, left out, to the next one, left in. Machines are compared and kept in
    caches by identity.
    """

    words: tuple[str, ...]  # words[0] is the separator
    token_S: IntArray  # index into ``words``
    first_S: IntArray  # (S + 1,): the transitions of state s are first_S[s] to first_S[s + 1]
    next_N: IntArray
    probability_N: FloatArray
    latent_S: IntArray  # which combination of the story's latent choices a state belongs to; -1: the separator
    latent_names: tuple[str, ...] = ()  # of the L choices: "character", "place" …
    latent_values: tuple[tuple[str, ...], ...] = ()  # of each combination the L values: ("anna", "garden", …)

    def __post_init__(self) -> None:
        """Refuse what is no machine.

        Raises: ValueError naming everything that is wrong with it.
        """
        problems = _problems(self)
        if problems:
            raise ValueError("not a machine: " + "; ".join(problems))

    @property
    def num_states(self) -> int:
        """How many states there are."""
        return len(self.token_S)

    @cached_property
    def separator(self) -> int:
        """The state between two stories."""
        return int(np.flatnonzero(self.latent_S == -1)[0])

    @cached_property
    def source_N(self) -> IntArray:
        """The state that each transition leaves."""
        return np.repeat(np.arange(self.num_states), np.diff(self.first_S))

    @cached_property
    def story_start_S(self) -> FloatArray:
        """How likely each state is to begin a story."""
        start_S = np.zeros(self.num_states)
        ways = slice(self.first_S[self.separator], self.first_S[self.separator + 1])
        start_S[self.next_N[ways]] = self.probability_N[ways]
        return start_S

    @cached_property
    def visits_S(self) -> FloatArray:
        """How often, on average, a story passes through each state; the separator at its end counts as 1.

        Raises: ValueError if some stories never end.
        """
        visits_S: FloatArray = np.zeros(self.num_states)
        alive_S: FloatArray = np.zeros(self.num_states)
        alive_S[self.separator] = 1.0
        for _ in range(MOST_WORDS):
            leaving_N = alive_S[self.source_N] * self.probability_N
            alive_S = np.asarray(np.bincount(self.next_N, weights=leaving_N, minlength=self.num_states), dtype=np.float64)
            visits_S += alive_S
            alive_S[self.separator] = 0.0
            if alive_S.sum() < NOTHING_LEFT:
                return visits_S
        raise ValueError("not a machine: some stories never end")

    @cached_property
    def stationary_S(self) -> FloatArray:
        """The long-run share of each state: what a reader expects who opens the stream of stories anywhere."""
        return np.asarray(self.visits_S / self.visits_S.sum())


def from_transitions(
    source_N: IntArray,
    next_N: IntArray,
    probability_N: FloatArray,
    *,
    words: tuple[str, ...],
    token_S: IntArray,
    latent_S: IntArray,
    latent_names: tuple[str, ...] = (),
    latent_values: tuple[tuple[str, ...], ...] = (),
) -> Machine:
    """Make a machine of transitions in any order; several between the same two states add up, impossible ones go."""
    S = len(token_S)
    code_N, place_N = np.unique(source_N[probability_N > 0] * S + next_N[probability_N > 0], return_inverse=True)
    return Machine(
        words=words,
        token_S=token_S,
        first_S=np.searchsorted(code_N, np.arange(S + 1) * S),
        next_N=code_N % S,
        probability_N=np.asarray(np.bincount(place_N, weights=probability_N[probability_N > 0]), dtype=np.float64),
        latent_S=latent_S,
        latent_names=latent_names,
        latent_values=latent_values,
    )


def _problems(machine: Machine) -> list[str]:
    S, N = len(machine.token_S), len(machine.next_N)
    found = []
    if len(machine.first_S) != S + 1 or len(machine.latent_S) != S or len(machine.probability_N) != N:
        return ["its arrays do not fit together"]
    if machine.first_S[0] != 0 or machine.first_S[-1] != N or np.any(np.diff(machine.first_S) < 1):
        return ["each state needs at least one transition, and each transition one state"]
    if np.any(machine.next_N < 0) or np.any(machine.next_N >= S):
        found.append("a transition leads nowhere")
    if np.any(machine.token_S < 0) or np.any(machine.token_S >= len(machine.words)):
        found.append("a state emits no word")
    if not np.all(machine.probability_N > 0):
        found.append("a transition is impossible")
    rows_S = np.add.reduceat(machine.probability_N, machine.first_S[:-1])
    if np.max(np.abs(rows_S - 1)) > ROW_TOLERANCE:
        worst = int(np.argmax(np.abs(rows_S - 1)))
        found.append(f"the ways out of state {worst} add up to {rows_S[worst]}")
    if np.count_nonzero(machine.latent_S == -1) != 1:
        found.append("it needs one separator, the one state with latent -1")
    if any(len(values) != len(machine.latent_names) for values in machine.latent_values):
        found.append("each combination of latent choices needs a value of each")
    if machine.latent_names and np.max(machine.latent_S) >= len(machine.latent_values):
        found.append("a state belongs to no combination of latent choices")
    return found
