"""New stories that no run can have learned from, with all that is known about them."""

from functools import lru_cache
from itertools import islice

import numpy as np

from ssl_core.corpora import splits
from ssl_core.corpora.tinyworld import lexicon
from ssl_core.corpora.tinyworld.story import Story, stories

SEED = 20_261_122
LOWEST_RATE = 0.09
"""A text whose digest is among the lowest 10 % of a corpus is held out; below this it is, but for a miracle, in any sample."""


@lru_cache(maxsize=8)
def held_out_stories(language: str, num_stories: int) -> tuple[Story, ...]:
    """Tell stories whose text would be held out if it were in the corpus; always the same ones, each one once."""
    told = stories(lexicon.grammar(language), np.random.default_rng(SEED))
    limit = int(LOWEST_RATE * 2**32).to_bytes(4, "big")
    held_out = (story for story in told if splits.digest_of(story.text) < limit)
    found: dict[str, Story] = {}
    while len(found) < num_stories:
        found |= {story.text: story for story in islice(held_out, num_stories - len(found))}
    return tuple(found.values())
