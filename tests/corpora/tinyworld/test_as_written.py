import re
from types import SimpleNamespace

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import reader
from ssl_core.corpora.tinyworld.as_written import as_written
from tests.corpora.tinyworld import by_hand

HAND = by_hand.machine()
ENGLISH = SimpleNamespace(language="en", capitals=frozenset({"anna", "ben"}))
PIECES = re.compile(r" ?\w+|[^\w\s]")


def test_words_are_written_with_blanks_and_capitals():
    words = set(as_written(HAND, ENGLISH).words)
    capital = {"Anna", "Ben", " Anna", " Ben", " She", " He"}  # at the start of a story; a friend; at the start of a sentence
    assert words == {"|", ".", *capital, " fish", " sleeps", " eats", " sees", " is", " glad", " sad"}


@pytest.mark.parametrize("text", ["Anna sleeps. She sees Ben. She is sad.", "Ben fish. He is glad."])
def test_a_text_is_as_likely_as_its_words(text):
    machine = as_written(HAND, ENGLISH)
    words = re.findall(r"\w+|[^\w\s]", text.lower())
    assert reader.log_probability(machine, PIECES.findall(text)) == pytest.approx(
        reader.log_probability(HAND, words), abs=1e-12
    )
    assert "".join(PIECES.findall(text)) == text


def test_the_stream_is_the_same_but_for_how_it_is_written():
    machine = as_written(HAND, ENGLISH)
    spoken = {}
    for text, p in by_hand.texts(machine, 5).items():
        words = tuple(by_hand.WORDS.index(machine.words[token].strip().lower()) for token in text)
        spoken[words] = spoken.get(words, 0.0) + p
    assert spoken == pytest.approx(by_hand.texts(HAND, 5), abs=1e-14)
    shares = np.bincount(machine.latent_S + 1, weights=machine.stationary_S)
    np.testing.assert_allclose(shares, np.bincount(HAND.latent_S + 1, weights=HAND.stationary_S), atol=1e-14)


def test_chinese_is_written_as_it_is_spoken():
    assert as_written(HAND, SimpleNamespace(language="zh", capitals=frozenset())) is HAND
