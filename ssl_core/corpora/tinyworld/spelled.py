"""The machine under a tokenizer: a word that is cut into several tokens becomes a chain of states."""

# S states, C states of all chains, N transitions

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from ssl_core.corpora.tinyworld.machine import BoolArray, IntArray, Machine, from_transitions


def spelled(machine: Machine, spell: Callable[[str], Sequence[int]], vocabulary_size: int) -> Machine:
    """Return the machine whose states emit token numbers: each word's state becomes the chain of the word's tokens.

    Its ``words`` are the token numbers as text. Exact for a tokenizer that cuts each word by itself, always the same way.
    Raises: ValueError if a word has no tokens, or the separator not just one.
    """
    tokens_of = [np.array(spell(word), dtype=np.int64) for word in machine.words]
    length_S = np.array([len(tokens) for tokens in tokens_of])[machine.token_S]
    if length_S.min() < 1 or length_S[machine.separator] != 1:
        raise ValueError("each word needs a token, and the separator just one")
    end_S = np.cumsum(length_S)
    begin_S = end_S - length_S
    inside_C = np.setdiff1d(np.arange(end_S[-1]), end_S - 1)  # all but the last of each chain
    return from_transitions(
        np.concatenate([end_S[machine.source_N] - 1, inside_C]),
        np.concatenate([begin_S[machine.next_N], inside_C + 1]),
        np.concatenate([machine.probability_N, np.ones(len(inside_C))]),
        words=tuple(map(str, range(vocabulary_size))),
        token_S=np.concatenate([tokens_of[word] for word in machine.token_S]),
        latent_S=np.repeat(machine.latent_S, length_S),
        latent_names=machine.latent_names,
        latent_values=machine.latent_values,
    )


def word_starts(machine: Machine, spell: Callable[[str], Sequence[int]]) -> BoolArray:
    """Return, for each state of ``spelled``, whether it begins a word, (C,)."""
    length_S: IntArray = np.array([len(spell(word)) for word in machine.words])[machine.token_S]
    is_start_C = np.zeros(length_S.sum(), dtype=np.bool_)
    is_start_C[np.cumsum(length_S) - length_S] = True
    return is_start_C


def with_word_starts(machine: Machine, starts_word_S: BoolArray) -> Machine:
    """Return the machine that also says of each token whether it begins a word: 2 · token, + 1 where it does."""
    return replace(
        machine,
        words=tuple(f"{mark}{word}" for word in machine.words for mark in ("-", "+")),
        token_S=2 * machine.token_S + starts_word_S,
    )
