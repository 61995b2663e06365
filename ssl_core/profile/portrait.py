"""A portrait of a text: all the numbers that the data page shows of it, counted in one go."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from ssl_core.corpora.base import Corpus, Document
from ssl_core.corpora.letters import CJK
from ssl_core.profile import zipf
from ssl_core.profile.repeated import Repeated, repeated
from ssl_core.profile.words import words_of
from ssl_core.profile.zipf import Zipf

MIN_COUNT = 5
"""Words that occur less often are counted, but not listed."""

NUM_SAMPLES = 5
SAMPLE_CHARACTERS = 700
NUM_BARS = 24
NUM_LABELS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """How many documents are how long: bar i counts those of edges[i] up to, but without, edges[i + 1] words."""

    edges: tuple[int, ...]
    counts: tuple[int, ...]
    median: float
    longest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """The beginning of one document."""

    id: str
    label: str | None
    text: str
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Portrait:
    """What is in a text. Words are those of ``words_of``; ``listed`` has every word that occurs five times, by frequency."""

    key: str
    language: str
    num_documents: int
    num_words: int
    num_different: int
    num_once: int
    chinese_rate: float  # share of Chinese characters among all letters
    is_partial: bool  # of a text too large to keep in memory only the beginning was looked at
    listed: tuple[tuple[str, int], ...]
    drawn: tuple[tuple[int, int, str], ...]  # rank, count and word of some words
    zipf: Zipf | None
    lengths: Lengths
    labels: tuple[tuple[str, int], ...]
    repeated: Repeated
    samples: tuple[Sample, ...]

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return asdict(self)

    @classmethod
    def from_json(cls, saved: dict[str, Any]) -> "Portrait":
        """Rebuild a portrait from ``to_json``'s values.

        Raises: ValueError, TypeError or KeyError if these are not all of them.
        """
        if set(saved) != {each.name for each in fields(cls)}:
            raise ValueError("not the parts of a portrait")
        values = {name: _tuples(value) if isinstance(value, list) else value for name, value in saved.items()}
        values["zipf"] = Zipf(**saved["zipf"]) if saved["zipf"] else None
        values["lengths"] = Lengths(**{name: _tuples(value) for name, value in saved["lengths"].items()})
        values["repeated"] = Repeated(**{name: _tuples(value) for name, value in saved["repeated"].items()})
        values["samples"] = tuple(Sample(**each) for each in saved["samples"])
        return cls(**values)


def of(corpus: Corpus) -> Portrait:
    """Look at all documents of a text, or at the beginning of one that is too large to keep in memory."""
    documents, language = corpus.documents(), corpus.card.language
    counts: Counter[str] = Counter()
    lengths: list[int] = []
    for document in documents:
        words = list(words_of(document, language))
        counts.update(words)
        lengths.append(len(words))
    by_frequency = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    count_R = np.array([count for _word, count in by_frequency], dtype=np.int64)
    return Portrait(
        key=corpus.card.key,
        language=language,
        num_documents=len(documents),
        num_words=counts.total(),
        num_different=len(counts),
        num_once=int(np.count_nonzero(count_R == 1)),
        chinese_rate=_chinese_rate(documents),
        is_partial=corpus.is_large,
        listed=tuple(each for each in by_frequency if each[1] >= MIN_COUNT),
        drawn=tuple((int(rank), *by_frequency[rank - 1][::-1]) for rank in zipf.places(len(by_frequency))),
        zipf=zipf.fit(count_R),
        lengths=_lengths(lengths),
        labels=tuple(Counter(each.label for each in documents if each.label).most_common(NUM_LABELS)),
        repeated=repeated(documents),
        samples=_samples(documents),
    )


def _chinese_rate(documents: Iterable[Document]) -> float:
    text = "\n".join(document.text[:500] for document in documents)[:1_000_000]
    num_letters = sum(character.isalpha() for character in text)  # without marks: one a letter
    return len(re.findall(rf"[{CJK}]", text)) / max(1, num_letters)


def _lengths(lengths: Sequence[int]) -> Lengths:
    """Count documents in bars of equal width, the last of which also takes the longest hundredth."""
    if not lengths:
        return Lengths(edges=(0, 1), counts=(0,), median=0.0, longest=0)
    top = max(1, int(np.quantile(lengths, 0.99)))
    width = _round_up(top / NUM_BARS)
    edges = np.arange(0, top + width, width)
    counts = np.histogram(np.minimum(lengths, edges[-1] - 1), edges)[0]
    return Lengths(
        edges=tuple(edges.tolist()), counts=tuple(counts.tolist()), median=float(np.median(lengths)), longest=max(lengths)
    )


def _round_up(width: float) -> int:
    """Return the next of 1, 2, 5, 10, 20, 50 …"""
    return next(int(digit * 10**power) for power in range(9) for digit in (1, 2, 5) if digit * 10**power >= width)


def _samples(documents: Sequence[Document]) -> tuple[Sample, ...]:
    """Take the beginnings of documents that lie evenly over the text."""
    chosen = np.unique(np.linspace(0, len(documents) - 1, NUM_SAMPLES + 2).round().astype(int))[1:-1] if documents else ()
    texts = [documents[place] for place in chosen] or list(documents[:NUM_SAMPLES])
    return tuple(
        Sample(id=each.id, label=each.label, text=each.text[:SAMPLE_CHARACTERS], is_whole=len(each.text) <= SAMPLE_CHARACTERS)
        for each in texts
    )


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value
