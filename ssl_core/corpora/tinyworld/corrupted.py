"""How likely a clean token is to look as the text does, when a pretext task has hidden, replaced or kept some tokens."""

# B sequences, S states, N transitions, V words

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ssl_core.corpora.tinyworld.machine import BoolArray, FloatArray, IntArray, Machine, from_transitions
from ssl_core.pretext.base import Corruption, Vocabulary


@dataclass(frozen=True)
class CorruptedTokens:
    """What is seen as evidence about states, where each token is chosen by itself, all with the same chance."""

    corruption: Corruption
    vocabulary: Vocabulary

    @cached_property
    def is_special_V(self) -> BoolArray:
        """True for tokens that are never chosen."""
        return np.isin(np.arange(self.vocabulary.size), self.vocabulary.special_ids)

    @cached_property
    def random_V(self) -> FloatArray:
        """From what a random token is drawn."""
        given_V = self.corruption.random_V
        return np.full(self.vocabulary.size, 1 / self.vocabulary.size) if given_V is None else given_V

    def likelihood(self, seen_B: IntArray) -> FloatArray:
        """Return p(what is seen | token), whether the token was chosen or not."""
        unchosen_rate_V1 = np.where(self.is_special_V, 1.0, 1 - self.corruption.chosen_rate)[:, None]
        return np.asarray(unchosen_rate_V1 * self.itself_VB(seen_B) + self.corruption.chosen_rate * self.chosen_VB(seen_B))

    def itself_VB(self, seen_B: IntArray) -> FloatArray:
        """Return 1 where what is seen is the token itself."""
        return np.asarray(np.arange(self.vocabulary.size)[:, None] == seen_B, dtype=np.float64)

    def chosen_VB(self, seen_B: IntArray) -> FloatArray:
        """Return p(what is seen | token, chosen): [MASK], a random token or the token itself; 0 for special tokens."""
        how = self.corruption
        other_B = how.hidden_rate * (seen_B == self.vocabulary.mask_id) + how.random_rate * self.random_V[seen_B]
        return np.where(self.is_special_V[:, None], 0.0, other_B + how.kept_rate * self.itself_VB(seen_B))


@dataclass(frozen=True)
class CorruptedWords(CorruptedTokens):
    """The same where all tokens of a word are chosen together, for a machine made by ``choosing_words``."""

    def likelihood(self, seen_B: IntArray) -> FloatArray:
        """Return p(what is seen | token and whether it was chosen): first all tokens unchosen, then all chosen."""
        itself_VB = self.itself_VB(seen_B)
        in_chosen_word_VB = np.where(self.is_special_V[:, None], itself_VB, self.chosen_VB(seen_B))
        return np.concatenate([itself_VB, in_chosen_word_VB])


def choosing_words(machine: Machine, starts_word_S: BoolArray, rate: float) -> Machine:
    """Return a machine that also draws, wherever a word begins, whether the word is chosen, and remembers it to its end.

    Its token v is the token v of ``machine`` in a word that is not chosen, its token V + v the same in a chosen one. The
    separator is never chosen.
    """
    S, V, separator = machine.num_states, len(machine.words), machine.separator
    twin_2S = np.tile(np.arange(S), (2, 1))
    twin_2S[1] += S - (np.arange(S) > separator)  # the separator has no twin
    twin_2S[1, separator] = separator
    source_N, next_N = machine.source_N, machine.next_N
    draws_N = starts_word_S[next_N] | (source_N == separator)
    sources, nexts, probabilities = [], [], []
    for was_chosen in (0, 1):
        for is_chosen in (0, 1):
            share_N = np.where(draws_N, rate if is_chosen else 1 - rate, float(was_chosen == is_chosen))
            share_N = np.where(next_N == separator, float(not is_chosen), share_N)
            share_N[source_N == separator] *= not was_chosen
            sources.append(twin_2S[was_chosen, source_N])
            nexts.append(twin_2S[is_chosen, next_N])
            probabilities.append(machine.probability_N * share_N)
    is_inner_S = np.arange(S) != separator
    return from_transitions(
        np.concatenate(sources),
        np.concatenate(nexts),
        np.concatenate(probabilities),
        words=(*machine.words, *(f"{word} (chosen)" for word in machine.words)),
        token_S=np.concatenate([machine.token_S, V + machine.token_S[is_inner_S]]),
        latent_S=np.concatenate([machine.latent_S, machine.latent_S[is_inner_S]]),
    )
