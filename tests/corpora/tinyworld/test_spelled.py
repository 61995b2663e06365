import numpy as np
import pytest

from ssl_core.corpora.tinyworld import floor
from ssl_core.corpora.tinyworld.spelled import spelled, word_starts
from tests.corpora.tinyworld import by_hand

HAND = by_hand.machine()
# words that share their pieces, but no two texts that do
SPELLINGS = {word: [10 + number] for number, word in enumerate(by_hand.WORDS)}
SPELLINGS |= {
    "|": [3],
    "anna": [30, 31, 30],
    "ben": [30, 32],
    "she": [33],
    "he": [31],
    "fish": [33, 31],
    "sleeps": [34, 35, 36],
}


def spell(words):
    return [token for word in words for token in SPELLINGS[by_hand.WORDS[word]]]


def test_a_spelled_story_is_as_likely_as_its_words():
    machine = spelled(HAND, SPELLINGS.__getitem__, 40)
    stories = [story for story in by_hand.texts(HAND, 9, by_hand.story_start(HAND)) if 0 in story]
    for story in stories:
        words = np.array([story[: story.index(0) + 1]])
        letters = np.array([spell(words[0])])
        by_words = floor.seen_nats(HAND, words, start_S=HAND.story_start_S)
        by_letters = floor.seen_nats(machine, letters, start_S=machine.story_start_S)
        np.testing.assert_allclose(by_letters, by_words, atol=1e-12)
    assert stories


def test_a_window_of_pieces_is_cut_anywhere_even_inside_a_word():
    machine = spelled(HAND, SPELLINGS.__getitem__, 40)
    np.testing.assert_allclose(machine.stationary_S, by_hand.stationary(machine), atol=1e-13)
    num_pieces = np.array([len(SPELLINGS[word]) for word in by_hand.WORDS])[HAND.token_S]
    share_S = HAND.stationary_S * num_pieces / (HAND.stationary_S @ num_pieces)  # a word of three pieces is met three times
    chains = np.split(machine.stationary_S, np.cumsum(num_pieces)[:-1])
    np.testing.assert_allclose([chain.sum() for chain in chains], share_S, atol=1e-13)


def test_a_hidden_word_costs_its_pieces_together():
    machine = spelled(HAND, SPELLINGS.__getitem__, 40)
    story = "| anna sleeps . she sees ben . she is glad . |"
    words = [by_hand.WORDS.index(word) for word in story.split()]
    starts = np.cumsum([0, *(len(SPELLINGS[by_hand.WORDS[word]]) for word in words)])
    letters_1T = np.array([spell(words)])
    is_hidden_1T = np.zeros(letters_1T.shape, dtype=bool)
    is_hidden_1T[0, starts[1] : starts[2]] = True  # the name
    # the other words of three pieces can't stand there, nor words whose pieces add up to three: a story begins with a name
    by_words = floor.joint_nats(HAND, np.array([words]), np.arange(len(words))[None, :] == 1)
    np.testing.assert_allclose(floor.joint_nats(machine, letters_1T, is_hidden_1T), by_words, atol=1e-12)


def test_every_first_piece_begins_a_word():
    machine = spelled(HAND, SPELLINGS.__getitem__, 40)
    starts_S = word_starts(HAND, SPELLINGS.__getitem__)
    assert starts_S.sum() == HAND.num_states
    firsts = {SPELLINGS[word][0] for word in by_hand.WORDS}
    assert set(machine.token_S[starts_S].tolist()) == firsts
    np.testing.assert_array_equal(machine.latent_S[starts_S], HAND.latent_S)


@pytest.mark.parametrize("odd", [{"anna": []}, {"|": [1, 2]}])
def test_a_word_without_tokens_and_a_long_separator_are_refused(odd):
    with pytest.raises(ValueError, match="each word needs a token"):
        spelled(HAND, (SPELLINGS | odd).__getitem__, 40)
