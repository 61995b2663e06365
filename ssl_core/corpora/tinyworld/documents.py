"""A corpus of stories: the same 40,000 on every machine, each one once."""

import hashlib
from collections.abc import Iterator
from functools import partial

import numpy as np

from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.corpora.tinyworld import as_written, lexicon
from ssl_core.corpora.tinyworld.grammar import Grammar
from ssl_core.corpora.tinyworld.story import stories
from ssl_core.i18n import N_

NUM_STORIES = 40_000
SEED = 20_240_229
_VERSION = 1  # another way of drawing from the same grammar gives other stories


def card(language: str, title: str, source: str, num_words: int) -> Card:
    """Return what a person should know of the stories of one language."""
    return Card(
        key=f"tinyworld-{language}",
        title=title,
        language=language,
        licence="MIT",
        source=source,
        description=N_(
            "Short stories about twelve people in eight places and two moods. Since the grammar is known, so is the lowest "
            "loss that any model can reach, and which word depends on which."
        ),
        flaws=N_(
            "It is a toy: a few hundred words and a few dozen sentence patterns, every choice equally likely. What a model "
            "learns here says little about real text; look at one of those, too."
        ),
        num_documents=NUM_STORIES,
        num_words=num_words,
    )


def corpus(card: Card, topic: str = "place") -> Corpus:
    """Return the stories of a language; they are told when they are first asked for.

    ``topic`` is the latent whose value is a document's one label; its ``labels`` hold all.
    """
    source = lexicon.source(card.language)
    fingerprint = hashlib.sha256(f"{_VERSION} {SEED} {NUM_STORIES} {topic}\n{source}".encode()).hexdigest()
    return Corpus(
        card,
        fingerprint,
        partial(_documents, card.language, topic),
        machine=partial(as_written.machine_of_text, card.language),
    )


def _documents(language: str, topic: str) -> Iterator[Document]:
    return told(lexicon.grammar(language), NUM_STORIES, SEED, topic)


def documents(grammar: Grammar, num_stories: int, seed: int, topic: str) -> list[Document]:
    """Tell stories until there are as many different ones; the same for the same seed, on every machine."""
    return list(told(grammar, num_stories, seed, topic))


def told(grammar: Grammar, num_stories: int, seed: int, topic: str) -> Iterator[Document]:
    """Tell the same stories one by one: who wants only a few need not wait for all."""
    seen: set[str] = set()
    for story in stories(grammar, np.random.default_rng(seed)):
        text = story.text
        if text not in seen:
            seen.add(text)
            labels = story.labels
            yield Document(f"{len(seen):05d}", text, labels.get(topic), story.words, labels)
        if len(seen) == num_stories:
            break
