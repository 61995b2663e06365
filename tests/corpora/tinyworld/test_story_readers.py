"""Readers along one story: they agree with the reader asked word by word, and with what is counted in many stories."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, figures, lexicon, reader, story_readers
from ssl_core.corpora.tinyworld.grammar import SEPARATOR
from ssl_core.corpora.tinyworld.story import draw, stories
from ssl_core.corpora.tinyworld.writing import words_of_beginning
from ssl_core.errors import UserError

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_expectations_are_those_of_a_reader_asked_place_by_place(language) -> None:
    machine, words = compiler.machine(language), draw(lexicon.grammar(language), np.random.default_rng(5)).tokens
    next_TV = story_readers.PERFECT.next_word(machine, words)
    blank_TV = story_readers.PERFECT.in_blank(machine, words)
    for place in (0, 3, len(words) - 1):
        np.testing.assert_allclose(next_TV[place], reader.next_word(machine, words[:place]), atol=1e-12)
        np.testing.assert_allclose(blank_TV[place], reader.fill_in(machine, words, [place])[0], atol=1e-12)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_storys_surprises_add_up_to_its_probability(language) -> None:
    machine, words = compiler.machine(language), draw(lexicon.grammar(language), np.random.default_rng(6)).tokens
    numbers_T = story_readers.word_numbers(machine, words)
    nats_T = story_readers.surprise_nats_T(story_readers.PERFECT.next_word(machine, words), numbers_T)
    ends = reader.next_word(machine, words)[0]  # the separator is the machine's first word
    assert -nats_T.sum() + np.log(ends) == pytest.approx(reader.log_probability(machine, words), abs=1e-9)


@pytest.mark.parametrize("language", LANGUAGES)
def test_simple_readers_know_what_counting_finds(language) -> None:
    machine, teller = compiler.machine(language), stories(lexicon.grammar(language), np.random.default_rng(7))
    words = [word for _number in range(4000) for word in (SEPARATOR, *next(teller).tokens)]
    counted, pairs = Counter(words), Counter(pairwise(words))
    frequency_V = story_readers.frequency_V(machine)
    most = [(word, count) for word, count in counted.most_common(6) if word != SEPARATOR]
    total = len(words) - counted[SEPARATOR]
    for word, count in most:
        number = machine.words.index(word)
        # 5 standard errors; words of one story hang together, so the sample is smaller than it looks: twice that
        assert frequency_V[number] == pytest.approx(count / total, abs=10 * np.sqrt(count) / total)
        for after in (each for each, _count in most):
            share = pairs[word, after] / count
            expected = story_readers.pairs_VV(machine)[number, machine.words.index(after)]
            assert expected == pytest.approx(share, abs=10 * np.sqrt(max(share, 1 / count) / count))


def test_an_unknown_word_is_named() -> None:
    with pytest.raises(UserError, match="spaceship"):
        story_readers.word_numbers(compiler.machine("en"), ("the", "spaceship"))


def test_the_first_word_that_no_story_goes_on_with_is_named() -> None:
    machine = compiler.machine("en")
    words = draw(lexicon.grammar("en"), np.random.default_rng(1)).tokens
    with pytest.raises(UserError, match="as word 3"):
        story_readers.PERFECT.next_word(machine, (*words[:2], ".", "."))


def test_more_knowledge_means_less_surprise() -> None:
    found = figures.measure(lexicon.grammar("en"), compiler.machine("en"), num_stories=60)
    assert found.blank_nats < found.next_word_nats < found.pairs_nats < found.frequencies_nats < np.log(found.num_words)


def test_a_beginning_without_blanks_is_cut_into_the_fewest_known_words() -> None:
    known = ("小", "明", "小明", "在", "公园", "里", "公")
    assert words_of_beginning("小明 在公园里", known, "zh") == ("小明", "在", "公园", "里")
    assert words_of_beginning("公鸡", ("公园", "里"), "zh") == ("公", "鸡"), "what is unknown stays, sign by sign"
    assert words_of_beginning("The dog,", (), "en") == ("the", "dog", ",")
