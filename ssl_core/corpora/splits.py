"""Which documents a model learns from, and which are kept away from it: the same on every machine."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from ssl_core.corpora.base import Document, normalised

HELD_OUT_RATE = 0.05
"""Share of the documents in the validation split, and again in the test split."""

_MIN_DOCUMENTS = 3


@dataclass(frozen=True, slots=True)
class Splits:
    """Three parts of a corpus that share no text."""

    train: tuple[Document, ...]
    validation: tuple[Document, ...]
    test: tuple[Document, ...]


def split(documents: Sequence[Document]) -> Splits:
    """Put 90 % of the documents into train and 5 % each into validation and test.

    A document's place follows from a hash of its text alone (case, spacing and punctuation aside), so equal texts land
    in the same part. A text with fewer than three different documents is cut by position: its last tenth is held out.
    """
    digests = [digest_of(document.text) for document in documents]
    different = sorted(set(digests))
    if len(different) < _MIN_DOCUMENTS:
        return _split_by_position(documents)
    num_held_out = max(1, round(HELD_OUT_RATE * len(different)))
    test, validation = set(different[:num_held_out]), set(different[num_held_out : 2 * num_held_out])
    parts: dict[str, list[Document]] = {"train": [], "validation": [], "test": []}
    for document, digest in zip(documents, digests, strict=True):
        parts["test" if digest in test else "validation" if digest in validation else "train"].append(document)
    return Splits(tuple(parts["train"]), tuple(parts["validation"]), tuple(parts["test"]))


def digest_of(text: str) -> bytes:
    """Return what decides where a text lands: the lower, the sooner it is held out."""
    return hashlib.sha256(normalised(text).encode("utf-8", "replace")).digest()


def _split_by_position(documents: Sequence[Document]) -> Splits:
    text = "\n\n".join(document.text for document in documents)
    num_held_out = round(HELD_OUT_RATE * len(text))
    ends = [_word_end(text, len(text) - 2 * num_held_out), _word_end(text, len(text) - num_held_out)]
    stretches = (text[: ends[0]], text[ends[0] : ends[1]], text[ends[1] :])
    train, validation, test = (
        (Document(id=name, text=stretch.strip()),) if stretch.strip() else ()
        for name, stretch in zip(("train", "validation", "test"), stretches, strict=True)
    )
    return Splits(train, validation, test)


def _word_end(text: str, position: int) -> int:
    """Return the next blank at or after ``position``, or ``position`` itself where none is near."""
    blanks = (position + offset for offset in range(100) if text[position + offset : position + offset + 1].isspace())
    return next(blanks, position)
