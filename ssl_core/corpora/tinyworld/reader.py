"""What a perfect reader of one story says: which word comes next, what stands in a blank, who it is about and where."""

# T words, H hidden places, S states, V words of the machine, C combinations of the latent choices

from collections.abc import Sequence

import numpy as np

from ssl_core.corpora.tinyworld.hidden import emissions, hidden_places
from ssl_core.corpora.tinyworld.machine import FloatArray, IntArray, Machine
from ssl_core.corpora.tinyworld.messages import HIDDEN, Message, forward, transitions
from ssl_core.errors import UserError
from ssl_core.i18n import N_


def next_word(machine: Machine, words: Sequence[str]) -> FloatArray:
    """Return p(next word | the words of a story so far), (V,); with no words so far, of its first word.

    Raises: UserError if no story begins so.
    """
    next_S = machine.story_start_S
    if words:
        next_S = (_read(machine, words)[-1].states_RS @ transitions(machine)).toarray()[0]
    return np.asarray(next_S @ emissions(machine))


def fill_in(machine: Machine, words: Sequence[str], hidden: Sequence[int]) -> FloatArray:
    """Return p(word | all other words) for each hidden place of a story's beginning, (H, V).

    What stands in ``words`` at the places ``hidden`` is not looked at; nothing is known of what comes after the last word.
    Raises: UserError if no story reads so.
    """
    known = [None if place in set(hidden) else word for place, word in enumerate(words)]
    _read(machine, known)
    ids_1T = _ids(machine, known)
    found = {
        place.position: place.words(machine).toarray()[0]
        for place in hidden_places(machine, ids_1T, start_S=machine.story_start_S)
    }
    return np.array([found[place] for place in hidden]).reshape(len(hidden), len(machine.words))


def latent_posterior(machine: Machine, words: Sequence[str | None]) -> FloatArray:
    """Return p(combination of the story's latent choices | words so far), before the first word and after each, (T + 1, C).

    ``machine.latent_values`` names the combinations; ``by_choice`` adds them up choice by choice. None hides a word.
    Raises: UserError if no story begins so.
    """
    begins_S = machine.story_start_S
    states_TS = [begins_S, *(message.states_RS.toarray()[0] for message in _read(machine, words))]
    is_inner_S = machine.latent_S >= 0
    posterior_TC = []
    for states_S in states_TS:
        states_S = states_S + states_S[machine.separator] * begins_S  # after a story nothing is known of the next
        posterior_TC.append(
            np.bincount(machine.latent_S[is_inner_S], states_S[is_inner_S], minlength=len(machine.latent_values))
        )
    return np.array(posterior_TC)


def by_choice(machine: Machine, posterior_C: FloatArray) -> dict[str, dict[str, float]]:
    """Return p(value) for each of the latent choices, by its name: {"place": {"garden": 0.5, …}, …}."""
    shares: dict[str, dict[str, float]] = {name: {} for name in machine.latent_names}
    for values, probability in zip(machine.latent_values, posterior_C.tolist(), strict=True):
        for name, value in zip(machine.latent_names, values, strict=True):
            shares[name][value] = shares[name].get(value, 0.0) + probability
    return shares


def log_probability(machine: Machine, words: Sequence[str]) -> float:
    """Return log p(a whole story), in nats; -inf if the grammar can't tell it, or not all of its words are known."""
    if not set(words) <= set(machine.words):
        return -np.inf
    whole_1T = _ids(machine, [*words, machine.words[machine.token_S[machine.separator]]])
    return float(sum(message.step_log_B[0] for message in forward(machine, whole_1T, start_S=machine.story_start_S)))


def _read(machine: Machine, words: Sequence[str | None]) -> list[Message]:
    messages = list(forward(machine, _ids(machine, words), start_S=machine.story_start_S))
    for message in messages:
        if message.step_log_B[0] == -np.inf:
            raise UserError(
                N_("No story of this grammar goes on with {word!r} as word {place}."),
                word=words[message.position],
                place=message.position + 1,
            )
    return messages


def _ids(machine: Machine, words: Sequence[str | None]) -> IntArray:
    """Return a row of word numbers, (1, T); None is hidden."""
    number_of = {word: number for number, word in enumerate(machine.words)}
    unknown = [word for word in words if word is not None and word not in number_of]
    if unknown:
        raise UserError(N_("The grammar has no word {word!r}."), word=unknown[0])
    return np.array([[HIDDEN if word is None else number_of[word] for word in words]], dtype=np.int64)
