"""A corpus told by the grammar that the exact floors are checked with, small enough to enumerate every window of it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np

from ssl_core.corpora.base import Card, Corpus, Document, from_documents
from ssl_core.corpora.tinyworld.as_written import as_written
from tests.corpora.tinyworld import by_hand

PLAIN = SimpleNamespace(language="en", capitals=frozenset({"anna", "ben"}))
WORDS = by_hand.machine()
WRITTEN = as_written(WORDS, PLAIN)


def corpus(num_stories: int = 400, language: str = "en") -> Corpus:
    """Draw stories; in "Chinese" nothing stands between their words, and the words are known."""
    told = WRITTEN if language == "en" else WORDS
    texts = [tuple(told.words[token] for token in story) for story in stories(told, num_stories)]
    known = [text if language == "zh" else None for text in texts]
    documents = [
        Document(f"{number}", "".join(text), words=words) for number, (text, words) in enumerate(zip(texts, known, strict=True))
    ]
    card = Card(key="told", title="", language=language, licence="", source="", description="", flaws="")
    return replace(from_documents(card, documents), machine=lambda: told)


def stories(machine, count: int, seed: int = 0):
    """Draw stories from a machine, one word after another, without their separators."""
    rng, state, story = np.random.default_rng(seed), machine.separator, []
    while count:
        ways = slice(machine.first_S[state], machine.first_S[state + 1])
        state = int(rng.choice(machine.next_N[ways], p=machine.probability_N[ways]))
        if state == machine.separator:
            yield story
            count, story = count - 1, []
        else:
            story.append(int(machine.token_S[state]))


def windows_of_text(length: int) -> dict[str, float]:
    """Every stretch of ``length`` characters of the stream of stories, "|" between them, with its probability."""
    mean_length = sum(
        p * len(WRITTEN.words[token]) for token, p in zip(WRITTEN.token_S, by_hand.stationary(WRITTEN), strict=True)
    )
    found: dict[str, float] = {}
    waiting = [((state,), p) for state, p in enumerate(by_hand.stationary(WRITTEN).tolist())]
    while waiting:
        path, p = waiting.pop()
        first, text = len(WRITTEN.words[WRITTEN.token_S[path[0]]]), "".join(WRITTEN.words[WRITTEN.token_S[s]] for s in path)
        if len(text) >= first - 1 + length:  # whichever character of the first word the window begins with
            for begin in range(first):
                window = text[begin : begin + length]
                found[window] = found.get(window, 0.0) + p / mean_length
            continue
        for place in range(WRITTEN.first_S[path[-1]], WRITTEN.first_S[path[-1] + 1]):
            waiting.append(((*path, int(WRITTEN.next_N[place])), p * float(WRITTEN.probability_N[place])))
    return found
