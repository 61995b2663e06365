"""Reading stories back: what is told is read, in one way only; what is not told is refused at the right word."""

from itertools import islice

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, lexicon, parser, reader
from ssl_core.corpora.tinyworld.story import stories
from ssl_core.errors import UserError
from tests.corpora.tinyworld import small

SMALL = lexicon.read(small.TEXT)
LANGUAGES = ("en", "zh")


def told(grammar, number, seed=3):
    return list(islice(stories(grammar, np.random.default_rng(seed)), number))


def refusal(grammar, text):
    with pytest.raises(UserError) as error:
        parser.parse(grammar, text)
    return str(error.value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_story_is_read_as_it_was_told(language):
    grammar = lexicon.grammar(language)
    for story in told(grammar, 150):
        for written in (story.text, story.tokens):
            read = parser.parse(grammar, written)
            assert read.tokens == story.tokens
            assert read.latents == story.latents
            assert [each.template for each in read.sentences] == [each.template for each in story.sentences]
            assert [each.values for each in read.sentences] == [each.values for each in story.sentences]
            assert [each.start for each in read.sentences] == [each.start for each in story.sentences]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_story_can_be_read_in_two_ways(language):
    grammar = lexicon.grammar(language)
    for story in told(grammar, 150, seed=4):
        assert len(list(parser.readings(grammar, story.tokens))) == 1, story.text


def test_every_story_listed_by_hand_is_read_and_none_beside_them():
    by_hand = small.stories_by_hand()
    for text in by_hand:
        assert " ".join(parser.parse(SMALL, text).tokens) == text
        words = text.split()
        for place in range(len(words)):
            for other in ("she", "roses", "is", ".", "!"):
                changed = " ".join([*words[:place], other, *words[place + 1 :]])
                assert bool(list(parser.readings(SMALL, changed))) == (changed in by_hand)


@pytest.mark.parametrize("language", LANGUAGES)
def test_parser_and_machine_accept_the_same_texts(language):
    grammar, machine = lexicon.grammar(language), compiler.machine(language)
    rng = np.random.default_rng(5)
    verdicts = []
    for story in told(grammar, 60, seed=6):
        words = list(story.tokens)
        words[rng.integers(len(words))] = machine.words[1 + rng.integers(len(machine.words) - 1)]
        is_read = next(parser.readings(grammar, words), None) is not None
        assert is_read == (reader.log_probability(machine, words) > -np.inf), words
        verdicts.append(is_read)
    assert not all(verdicts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is no story here yet. It can begin with: anna, ben"),
        ("Clara sees the garden.", "A story can't begin with “clara”. What it can begin with: anna, ben"),
        ("Anna sees the boat.", "“boat” can't follow “anna sees the” here. What can: beach, garden"),
        ("Anna sees the garden. He rests.", "“he” can't follow “anna sees the garden .” here. What can: she"),
        ("Anna sees the garden. She", "The story is not over yet after “sees the garden . she”. What can follow: rests"),
        (
            "Anna sees the garden. She rests. The big shell is here. Anna goes home!",
            "“shell” can't follow “she rests . the big” here. What can: rose, roses, tree, trees",
        ),
        (
            "Anna sees the garden. She rests. The roses is here. Anna goes home!",
            "“is” can't follow “she rests . the roses” here. What can: are",
        ),
        ("Anna sees the garden. She rests. Ben goes home!", "“garden . she rests .” here. What can: anna, she, the"),
        ("Anna sees the garden. She rests. Anna goes home! Anna", "is over after “. anna goes home !”, but “anna”"),
    ],
)  # fmt: skip
def test_a_refusal_names_the_first_word_that_cannot_follow(text, said):
    assert said in refusal(SMALL, text)


def test_a_refusal_in_chinese_text_names_the_place_though_no_blank_shows_it():
    grammar = lexicon.grammar("zh")
    story = told(grammar, 1)[0]
    cut = len("".join(story.sentences[0].tokens))
    assert story.text[cut - 4 : cut] in refusal(grammar, story.text[:cut] + "狗" + story.text[cut:])


def test_what_is_never_said_is_the_first_that_fits():
    grammar = lexicon.read(
        small.TEXT.replace("{character.name} sees", "somebody sees").replace(
            "{character.name} goes home", "{character.subject} rests"
        )
    )
    story = parser.parse(grammar, "Somebody sees the beach. He rests. He rests!")
    assert story.latents == {"character": "ben", "place": "beach"}


def test_a_text_as_long_as_a_book_is_refused_at_once():
    assert "at most 4,000 characters" in refusal(SMALL, "anna " * 100_000)


@pytest.mark.parametrize("text", ["\0", "🙂", "…", "a" * 3_999, "the " * 900, "anna sees the garden . " + "she rests . " * 300])
def test_strange_texts_are_refused_in_few_words(text):
    assert len(refusal(SMALL, text)) < 300
