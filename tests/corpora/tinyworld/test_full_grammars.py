"""The machines of the whole grammars against stories drawn from these grammars, which know nothing of machines."""

from functools import cache

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, floor, lexicon
from ssl_core.corpora.tinyworld.hidden import emissions
from ssl_core.corpora.tinyworld.messages import forward, transitions
from ssl_core.corpora.tinyworld.reduced import reduced
from ssl_core.corpora.tinyworld.story import stories

NUM_STORIES, WINDOW = 2_000, 64
LANGUAGES = ("en", "zh")


@cache
def told(language):
    """2,000 stories as numbers of the machine's words, each ended by the separator."""
    machine, teller = compiler.machine(language), stories(lexicon.grammar(language), np.random.default_rng(7))
    number_of = {word: number for number, word in enumerate(machine.words)}
    return [np.array([*(number_of[word] for word in next(teller).tokens), 0]) for _ in range(NUM_STORIES)]


def stacked(machine, language):
    """The stories below each other; each goes on with the beginning of the next, so that all are equally long."""
    stream, ends = np.concatenate(told(language)), np.cumsum([len(story) for story in told(language)])
    begins, length = np.concatenate([[0], ends[:-1]]), max(map(len, told(language)))
    fits = begins + length <= len(stream)
    is_own = np.arange(length) < (ends - begins)[fits, None]
    return stream[begins[fits, None] + np.arange(length)], is_own


@pytest.mark.parametrize("language", LANGUAGES)
def test_drawn_stories_surprise_the_machine_just_as_much_as_it_expects(language):
    machine = compiler.machine(language)
    ids_BT, is_own_BT = stacked(machine, language)
    surprise_B, before_SB = np.zeros(len(ids_BT)), None
    to_word = transitions(machine) @ emissions(machine)
    for message in forward(machine, ids_BT, start_S=machine.story_start_S):
        if before_SB is not None:
            share_BV = (before_SB @ to_word).tocsr()
            entropy_B = -share_BV.multiply(share_BV.copy()._with_data(np.log(share_BV.data))).sum(axis=1)
            surprise_B += is_own_BT[:, message.position] * (-message.step_log_B - entropy_B)
        before_SB = message.states_RS[message.row_B]
    assert np.isfinite(surprise_B).all(), "a story that the machine can't tell"
    standard_error = surprise_B.std() / np.sqrt(len(surprise_B))
    assert abs(surprise_B.mean()) < 4 * standard_error  # a false alarm once in 16,000 seeds


@pytest.mark.parametrize("language", LANGUAGES)
def test_windows_cut_anywhere_cost_what_whole_stories_do_but_for_their_beginnings(language):
    machine = compiler.machine(language)
    ids_BT, is_own_BT = stacked(machine, language)
    nats_BT = floor_of_stories(machine, ids_BT)
    by_story = (nats_BT * is_own_BT).sum() / is_own_BT.sum()
    stream = np.concatenate(told(language))
    windows_BT = stream[: len(stream) // WINDOW * WINDOW].reshape(-1, WINDOW)
    by_place_T = floor.next_token_nats(machine, windows_BT).mean(axis=0)
    assert (np.diff(by_place_T[:4]) < 0).all(), "more context, less surprise"
    # after 48 tokens most windows hold the beginning of the story they are in; 20,000 tokens of 1.2 nats, give or take as
    # much: five standard errors of their mean are 5 %
    assert by_place_T[48:].mean() == pytest.approx(by_story, rel=0.05)
    assert by_place_T[0] > 3 * by_story


def floor_of_stories(machine, ids_BT):
    nats_BT = np.empty(ids_BT.shape)
    for message in forward(machine, ids_BT, start_S=machine.story_start_S):
        nats_BT[:, message.position] = -message.step_log_B
    return nats_BT


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reduced_machine_reads_the_same(language):
    machine, stream = compiler.machine(language), np.concatenate(told(language))
    windows_BT = stream[: 60 * WINDOW].reshape(60, WINDOW)
    smaller = reduced(machine)
    assert smaller.num_states < machine.num_states
    np.testing.assert_allclose(
        floor.next_token_nats(smaller, windows_BT), floor.next_token_nats(machine, windows_BT), atol=1e-10
    )  # probabilities that agree to twelve digits count as the same
    is_hidden_BT = np.random.default_rng(0).random(windows_BT.shape) < 0.3
    np.testing.assert_allclose(
        floor.hidden_nats(smaller, windows_BT, is_hidden_BT), floor.hidden_nats(machine, windows_BT, is_hidden_BT), atol=1e-10
    )
