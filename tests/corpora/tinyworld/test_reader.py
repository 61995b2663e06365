"""Against every story of a small grammar, enumerated; rounding only, so 1e-12."""

import math

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import reader
from ssl_core.errors import UserError
from tests.corpora.tinyworld import by_hand

EXACT = 1e-12
HAND = by_hand.machine()
START = by_hand.story_start(HAND)


def words_of(text):
    return text.split()


def ids(text):
    return tuple(by_hand.WORDS.index(word) for word in text.split())


def latent_oracle(text):
    """p(latents | words), from every way through the machine that says these words."""
    shares = np.zeros(len(by_hand.STORIES))
    for path, p in by_hand.paths(HAND, len(text.split()), START):
        if tuple(HAND.token_S[list(path)].tolist()) == ids(text):
            shares[HAND.latent_S[path[-1]]] += p
    return shares / shares.sum()


@pytest.mark.parametrize("text", ["", "anna", "ben fish .", "anna sleeps . she", "anna sleeps . she sees ben ."])
def test_the_next_word_is_as_likely_as_the_stories_that_go_on_with_it(text):
    length = len(text.split())
    longer = by_hand.texts(HAND, length + 1, START)
    expected = np.zeros(len(by_hand.WORDS))
    for story, p in longer.items():
        if story[:length] == ids(text):
            expected[story[-1]] += p
    np.testing.assert_allclose(reader.next_word(HAND, text.split()), expected / expected.sum(), atol=EXACT)


def test_a_blank_is_filled_by_what_all_stories_with_the_other_words_say():
    words = words_of("anna sleeps . she sees ben .")
    found_HV = reader.fill_in(HAND, words, [4, 0])
    expected_HV = np.zeros((2, len(by_hand.WORDS)))
    for story, p in by_hand.texts(HAND, len(words), START).items():
        if all(story[place] == ids(word)[0] for place, word in enumerate(words) if place not in (0, 4)):
            expected_HV[0, story[4]] += p
            expected_HV[1, story[0]] += p
    np.testing.assert_allclose(found_HV, expected_HV / expected_HV.sum(axis=1, keepdims=True), atol=EXACT)


def test_what_a_story_is_about_shows_word_by_word():
    words = words_of("anna sleeps . she is sad .")
    found_TC = reader.latent_posterior(HAND, words)
    np.testing.assert_allclose(found_TC[0], list(by_hand.STORIES.values()), atol=EXACT)
    for t in range(1, len(words) + 1):
        np.testing.assert_allclose(found_TC[t], latent_oracle(" ".join(words[:t])), atol=EXACT)
    by_choice = reader.by_choice(HAND, found_TC[2])
    assert by_choice["who"] == pytest.approx({"anna": 1.0, "ben": 0.0}, abs=EXACT)
    assert by_choice["mood"] == pytest.approx({"glad": 0.6, "sad": 0.4}, abs=EXACT)


def test_a_hidden_word_tells_nothing_of_what_the_story_is_about():
    found_TC = reader.latent_posterior(HAND, [None, "sleeps"])
    np.testing.assert_allclose(found_TC[1:], [list(by_hand.STORIES.values())] * 2, atol=EXACT)


def test_after_a_story_nothing_is_known_of_the_next():
    words = [*words_of("anna sleeps . she is sad ."), "|"]
    np.testing.assert_allclose(reader.latent_posterior(HAND, words)[-1], list(by_hand.STORIES.values()), atol=EXACT)


def test_a_whole_story_has_the_product_of_its_choices():
    # anna and sad, sleeps not fish, one middle, sees, ben, then the end
    said = reader.log_probability(HAND, words_of("anna sleeps . she sees ben . she is sad ."))
    assert said == pytest.approx(math.log(0.2 * 0.6 * 0.7 * 0.5 * 0.75 * 0.5), abs=EXACT)


def test_the_beginning_of_a_story_is_no_story():
    assert reader.log_probability(HAND, words_of("anna sleeps . she")) == -math.inf
    assert reader.log_probability(HAND, words_of("anna reads .")) == -math.inf
    assert reader.log_probability(HAND, words_of("she is glad .")) == -math.inf, "no story begins so"


@pytest.mark.parametrize(
    ("text", "said"), [("anna sleeps . he is sad .", "'he' as word 4"), ("anna dances", "no word 'dances'")]
)
def test_what_the_grammar_can_not_say_is_named(text, said):
    for ask in (reader.next_word, reader.latent_posterior):
        with pytest.raises(UserError, match=said):
            ask(HAND, text.split())
