"""The machine of the text itself: its words with the blanks and capitals that they are written with."""

# S states, N transitions, R pairs of a state and what stands before it, V words

from functools import cache

import numpy as np

from ssl_core.corpora.tinyworld import compiler, lexicon
from ssl_core.corpora.tinyworld.grammar import Grammar
from ssl_core.corpora.tinyworld.machine import Machine, from_transitions
from ssl_core.corpora.tinyworld.templates import SENTENCE_ENDS
from ssl_core.corpora.tinyworld.writing import JOINED, written

BEFORE = ("", SENTENCE_ENDS[0], ",")
"""How a word is written depends on what stands before it: nothing, the end of a sentence, or any other word."""

NOTHING, END, OTHER = range(3)


@cache
def machine_of_text(language: str) -> Machine:
    """Return the machine of the stories of a built-in grammar, "en" or "zh", as they are written."""
    return as_written(compiler.machine(language), lexicon.grammar(language))


def as_written(machine: Machine, grammar: Grammar) -> Machine:
    """Return the machine whose words, put together, are the texts: "Anna", " is", " happy", ".".

    A state whose word stands both at the start of a sentence and inside becomes two. The separator stays as it is.
    """
    if grammar.language in JOINED:
        return machine
    before_S = np.where(np.isin(machine.words, SENTENCE_ENDS)[machine.token_S], END, OTHER)
    before_S[machine.separator] = NOTHING
    before_N = np.where(machine.next_N == machine.separator, NOTHING, before_S[machine.source_N])
    pair_R, next_N = np.unique(machine.next_N * len(BEFORE) + before_N, return_inverse=True)
    state_R, before_R = pair_R // len(BEFORE), pair_R % len(BEFORE)

    def piece(token: int, before: int) -> str:
        if token == machine.token_S[machine.separator]:
            return machine.words[token]
        words = [word for word in (BEFORE[before], machine.words[token]) if word]
        return written(words, grammar.language, grammar.capitals).removeprefix(BEFORE[before])

    kind_K, kind_R = np.unique(machine.token_S[state_R] * len(BEFORE) + before_R, return_inverse=True)
    pieces = [piece(int(kind) // len(BEFORE), int(kind) % len(BEFORE)) for kind in kind_K]
    words = tuple(dict.fromkeys(pieces))
    number_of = {word: number for number, word in enumerate(words)}
    num_ways_R = np.diff(machine.first_S)[state_R]
    way = np.arange(num_ways_R.sum()) + np.repeat(machine.first_S[state_R] - np.cumsum(num_ways_R) + num_ways_R, num_ways_R)
    return from_transitions(
        np.repeat(np.arange(len(state_R)), num_ways_R),
        next_N[way],
        machine.probability_N[way],
        words=words,
        token_S=np.array([number_of[each] for each in pieces])[kind_R],
        latent_S=machine.latent_S[state_R],
        latent_names=machine.latent_names,
        latent_values=machine.latent_values,
    )
