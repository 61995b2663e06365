"""The figures of a grammar: how many words and states it has, and how well readers of different skill could do."""

# N words

from dataclasses import dataclass

import numpy as np

from ssl_core.corpora.tinyworld import floor
from ssl_core.corpora.tinyworld.grammar import SEPARATOR, Grammar
from ssl_core.corpora.tinyworld.machine import Machine
from ssl_core.corpora.tinyworld.story import stories
from ssl_core.corpora.tinyworld.story_readers import frequency_V, pairs_VV, word_numbers

NUM_STORIES, SEED = 300, 20_240_301
BLANK_RATE = 0.15
WINDOW = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Losses are in nats a word, on the same drawn stories."""

    num_words: int
    num_states: int
    num_transitions: int
    words_per_story: float
    frequencies_nats: float
    pairs_nats: float
    next_word_nats: float  # the floor of causal language modelling
    blank_nats: float  # the floor of masked language modelling, 15 % hidden


def measure(grammar: Grammar, machine: Machine, *, num_stories: int = NUM_STORIES, seed: int = SEED) -> Figures:
    """Draw stories and have readers of different skill guess their words, in windows of 64 cut from the stream."""
    rng = np.random.default_rng(seed)
    teller = stories(grammar, rng)
    told = [next(teller).tokens for _ in range(num_stories)]
    words_N = word_numbers(machine, [word for tokens in told for word in (*tokens, SEPARATOR)])
    ids_BT = words_N[: len(words_N) // WINDOW * WINDOW].reshape(-1, WINDOW)
    is_hidden_BT = (rng.random(ids_BT.shape) < BLANK_RATE) & (ids_BT != machine.token_S[machine.separator])
    frequencies_V = frequency_V(machine)
    is_word_N = words_N[1:] != machine.token_S[machine.separator]
    next_N = words_N[1:][is_word_N]
    return Figures(
        num_words=len(machine.words) - 1,
        num_states=machine.num_states,
        num_transitions=len(machine.next_N),
        words_per_story=float(np.mean([len(tokens) for tokens in told])),
        frequencies_nats=float(-np.log(frequencies_V[next_N]).mean()),
        pairs_nats=float(-np.log(pairs_VV(machine)[words_N[:-1], words_N[1:]]).mean()),
        next_word_nats=float(floor.next_token_nats(machine, ids_BT)[:, 1:].mean()),
        blank_nats=float(np.nanmean(floor.hidden_nats(machine, ids_BT, is_hidden_BT))),
    )
