"""Pairs of sentences: does the second follow the first, do they stand the wrong way round, or is it from elsewhere?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from ssl_core.corpora.tinyworld.story import Story

Relation = Literal["follows", "swapped", "elsewhere"]


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two sentences as words and marks, and how the second stands to the first."""

    first: tuple[str, ...]
    second: tuple[str, ...]
    relation: Relation


def next_sentence_pairs(stories: Sequence[Story], rng: np.random.Generator) -> list[SentencePair]:
    """Return for each story one pair of neighbours, or, half of the time, a sentence with one from another story."""
    pairs = []
    for number, story in enumerate(stories):
        place = int(rng.integers(len(story.sentences) - 1))
        first, second = story.sentences[place], story.sentences[place + 1]
        others = len(stories) - 1
        if others and rng.random() < 0.5:
            other = stories[(number + 1 + int(rng.integers(others))) % len(stories)]
            stranger = other.sentences[1 + int(rng.integers(len(other.sentences) - 1))]
            pairs.append(SentencePair(first.tokens, stranger.tokens, "elsewhere"))
        else:
            pairs.append(SentencePair(first.tokens, second.tokens, "follows"))
    return pairs


def sentence_order_pairs(stories: Sequence[Story], rng: np.random.Generator) -> list[SentencePair]:
    """Return for each story with two middle sentences a pair of neighbouring ones, swapped half of the time.

    Openings and endings give themselves away, whatever stands beside them; so they are left out.
    """
    pairs = []
    for story in stories:
        middles = [sentence for sentence in story.sentences if sentence.template.kind == "middle"]
        if len(middles) < 2:
            continue
        place = int(rng.integers(len(middles) - 1))
        first, second = middles[place].tokens, middles[place + 1].tokens
        if rng.random() < 0.5:
            pairs.append(SentencePair(second, first, "swapped"))
        else:
            pairs.append(SentencePair(first, second, "follows"))
    return pairs
