"""Pairs of sentences, half of them wrong."""

from itertools import islice

import numpy as np

from ssl_core.corpora.tinyworld import lexicon
from ssl_core.corpora.tinyworld.neighbours import next_sentence_pairs, sentence_order_pairs
from ssl_core.corpora.tinyworld.story import stories

GRAMMAR = lexicon.grammar("en")
STORIES = list(islice(stories(GRAMMAR, np.random.default_rng(0)), 2_000))
FOUR_SIGMA = 4 * 0.5 / np.sqrt(2_000)


def sentences(story):
    return [sentence.tokens for sentence in story.sentences]


def test_half_of_the_pairs_are_neighbours_and_half_are_from_two_stories():
    found = next_sentence_pairs(STORIES, np.random.default_rng(1))
    assert len(found) == len(STORIES)
    assert abs(np.mean([pair.relation == "follows" for pair in found]) - 0.5) < FOUR_SIGMA
    for story, pair in zip(STORIES, found, strict=True):
        if pair.relation == "follows":
            place = sentences(story).index(pair.first)
            assert sentences(story)[place + 1] == pair.second
        else:
            assert pair.relation == "elsewhere"
            assert pair.first in sentences(story)


def test_swapped_pairs_are_two_middle_sentences_of_one_story():
    long_enough = [story for story in STORIES if len(story.sentences) >= 4]
    found = sentence_order_pairs(STORIES, np.random.default_rng(1))
    assert len(found) == len(long_enough)
    for story, pair in zip(long_enough, found, strict=True):
        middles = sentences(story)[1:-1]
        first, second = middles.index(pair.first), middles.index(pair.second)
        assert second - first == (1 if pair.relation == "follows" else -1)


def test_one_story_alone_has_true_pairs_only():
    assert next_sentence_pairs(STORIES[:1], np.random.default_rng(0))[0].relation == "follows"
