"""Readers of different skill, word by word along one story: what each expects, and how surprised it is by what comes.

All are exact: the two simple ones are worked out from the machine, not counted in a sample.
"""

# T words of a story, V words of the machine, S states

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from ssl_core.corpora.tinyworld.hidden import emissions, hidden_places
from ssl_core.corpora.tinyworld.machine import FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN, forward, transitions
from ssl_core.errors import UserError
from ssl_core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody who guesses: ``next_word`` from the words before, ``in_blank`` from all other words, each (T, V)."""

    key: str
    title: str
    next_word: Callable[[Machine, Sequence[str]], FloatArray]
    in_blank: Callable[[Machine, Sequence[str]], FloatArray]


def next_word_by_grammar(machine: Machine, words: Sequence[str]) -> FloatArray:
    """Return p(word | the words before it in its story) for each place of a story, (T, V).

    Raises: UserError naming the first word with which no story goes on.
    """
    begins_S = machine.story_start_S
    share_TV = [begins_S @ emissions(machine)]
    for message in forward(machine, word_numbers(machine, words)[None], start_S=begins_S):
        if message.step_log_B[0] == -np.inf:
            raise UserError(
                N_("No story of this grammar goes on with {word!r} as word {place}."),
                word=words[message.position],
                place=message.position + 1,
            )
        share_TV.append(((message.states_RS @ transitions(machine)) @ emissions(machine)).toarray()[0])
    return np.array(share_TV[: len(words)])


def in_blank_by_grammar(machine: Machine, words: Sequence[str]) -> FloatArray:
    """Return p(word | all other words) for each place of a story, (T, V); nothing is known of what comes after the last.

    Raises: UserError as ``next_word_by_grammar``.
    """
    next_word_by_grammar(machine, words)
    hiding_one_TT = np.tile(word_numbers(machine, words), (len(words), 1))
    np.fill_diagonal(hiding_one_TT, HIDDEN)
    share_TV = np.zeros((len(words), len(machine.words)))
    for place in hidden_places(machine, hiding_one_TT, start_S=machine.story_start_S):
        share_TV[place.sequences_H] = place.words(machine).toarray()
    return share_TV


def frequency_V(machine: Machine) -> FloatArray:
    """Return each word's long-run share among the words of all stories, the separator left out, (V,)."""
    share_V = np.bincount(machine.token_S, machine.stationary_S, minlength=len(machine.words))
    share_V[machine.token_S[machine.separator]] = 0.0
    return np.asarray(share_V / share_V.sum())


@lru_cache(maxsize=8)
def pairs_VV(machine: Machine) -> FloatArray:
    """Return p(word | the one word before it), (V, V); the row of the separator tells how stories begin."""
    flow_N = machine.stationary_S[machine.source_N] * machine.probability_N
    V = len(machine.words)
    code_N = machine.token_S[machine.source_N] * V + machine.token_S[machine.next_N]
    joint_VV = np.bincount(code_N, flow_N, minlength=V * V).reshape(V, V)
    return np.asarray(joint_VV / joint_VV.sum(axis=1, keepdims=True))


def word_numbers(machine: Machine, words: Sequence[str]) -> IntArray:
    """Return the machine's numbers of words, (T,).

    Raises: UserError naming the first word the grammar lacks.
    """
    number_of = {word: number for number, word in enumerate(machine.words)}
    unknown = next((word for word in words if word not in number_of), None)
    if unknown is not None:
        raise UserError(N_("The grammar has no word {word!r}."), word=unknown)
    return np.array([number_of[word] for word in words], dtype=np.int64)


def surprise_nats_T(share_TV: FloatArray, words_T: IntArray) -> FloatArray:
    """Return -log p(the word that stands there) for each place, in nats; infinite where it was thought impossible."""
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(share_TV[np.arange(len(words_T)), words_T]))


def _from_pairs(machine: Machine, words: Sequence[str]) -> FloatArray:
    numbers_T = word_numbers(machine, words)
    before_T = np.concatenate([[machine.token_S[machine.separator]], numbers_T[:-1]])
    return np.asarray(pairs_VV(machine)[before_T])


def _from_frequencies(machine: Machine, words: Sequence[str]) -> FloatArray:
    return np.tile(frequency_V(machine), (len(word_numbers(machine, words)), 1))


PERFECT = Reader(key="perfect", title=N_("Perfect reader"), next_word=next_word_by_grammar, in_blank=in_blank_by_grammar)
SIMPLE = (
    Reader(key="pairs", title=N_("one word of context"), next_word=_from_pairs, in_blank=_from_pairs),
    Reader(key="frequencies", title=N_("word frequencies only"), next_word=_from_frequencies, in_blank=_from_frequencies),
)
