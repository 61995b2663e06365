"""A story and its broken twin: one place differs, and the machine knows which of them is told."""

from collections import Counter
from itertools import islice

import numpy as np
import pytest

from ssl_core.corpora.tinyworld import compiler, lexicon, parser, reader
from ssl_core.corpora.tinyworld.dependencies import arcs
from ssl_core.corpora.tinyworld.minimal_pairs import pairs
from ssl_core.corpora.tinyworld.story import stories
from tests.corpora.tinyworld import small


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_broken_twin_can_be_told_and_every_good_one_can(language):
    grammar, machine = lexicon.grammar(language), compiler.machine(language)
    rng = np.random.default_rng(2)
    seen = Counter()
    for story in islice(stories(grammar, np.random.default_rng(8)), 40):
        found = pairs(story, rng)
        assert found
        assert reader.log_probability(machine, story.tokens) > -np.inf
        for pair in found:
            assert pair.good_tokens == story.tokens
            assert reader.log_probability(machine, pair.bad_tokens) == -np.inf, pair
            seen[pair.dependency] += 1
    if language == "en":
        assert seen.keys() == grammar.dependencies.keys(), "each dependency can be tested"


def test_twins_differ_from_one_position_on_and_are_the_same_after_the_phrase():
    grammar = lexicon.grammar("en")
    for story in islice(stories(grammar, np.random.default_rng(9)), 40):
        for pair in pairs(story, np.random.default_rng(1)):
            good, bad = pair.good_tokens, pair.bad_tokens
            assert good[: pair.position] == bad[: pair.position]
            assert good[pair.position] != bad[pair.position]
            longest = 3  # "will carry" is the longest phrase that a dependency of this grammar breaks
            assert good[pair.position + longest :] == bad[len(bad) - len(good) + pair.position + longest :]


def test_each_arc_of_english_has_its_pair():
    grammar = lexicon.grammar("en")
    for story in islice(stories(grammar, np.random.default_rng(10)), 40):
        found = {(pair.dependency, pair.governor_position) for pair in pairs(story, np.random.default_rng(1))}
        assert found == {(arc.dependency, arc.governor_position) for arc in arcs(story)}


def broken(text, dependency):
    """What can stand in the place of each broken word, over many draws."""
    story = parser.parse(lexicon.grammar("en"), text.split())
    found = set()
    for seed in range(40):
        for pair in pairs(story, np.random.default_rng(seed)):
            if pair.dependency == dependency:
                end = len(pair.bad_tokens) - len(pair.good_tokens) + pair.position + 1
                found.add((pair.good_tokens[pair.position], " ".join(pair.bad_tokens[pair.position : end])))
    return found


def test_words_are_broken_as_a_teacher_would():
    text = (
        "anna spends a cold day on the farm . the big cows near the barn moo . next she paints the white eggs . "
        "she goes home sadly ."
    )
    assert broken(text, "subject_verb") == {("moo", "moos")}
    assert broken(text, "pronoun_name") == {("she", "he")}
    assert broken(text, "mood") == {("sadly", "happily"), ("sadly", "cheerfully"), ("sadly", "merrily")}
    # nobody paints a bucket or a pumpkin; both are things of a farm, so nothing but the verb is wrong
    assert broken(text, "verb_object") == {("eggs", "buckets"), ("eggs", "pumpkins")}
    # other animals that moo or graze are none; but what one paints elsewhere are roses and pebbles
    assert {bad for good, bad in broken(text, "place_thing") if good == "eggs"} == {"roses", "pebbles"}


def test_a_grammar_without_dependencies_has_no_pairs():
    text = small.TEXT[: small.TEXT.index("[dependencies")]
    story = next(stories(lexicon.read(text), np.random.default_rng(0)))
    assert pairs(story, np.random.default_rng(0)) == []
