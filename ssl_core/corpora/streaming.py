"""Texts that are too large to keep in memory: looked through once, one document at a time, before they are read again."""

# D documents of a text, in their order

import hashlib
from array import array
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.corpora.base import Document, count_words
from ssl_core.corpora.repeats import said
from ssl_core.corpora.splits import HELD_OUT_RATE, digest_of
from ssl_core.errors import UserError
from ssl_core.i18n import N_

TRAIN, VALIDATION, TEST, LEFT_OUT = range(4)
MIN_DOCUMENTS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What one look through a text tells: each document's part, its size, and a sample of what a model may learn from."""

    part_D: npt.NDArray[np.uint8]  # TRAIN, VALIDATION, TEST, or LEFT_OUT for the second copy of a text
    sample: tuple[Document, ...]  # of the train part
    num_words: int  # repeats left out


class Sampler:
    """Keeps a sample of documents that come one by one: the same, whatever their order, and spread over all of them.

    Those stay whose content has the smallest hashes; so many that they have at most ``max_characters`` together.
    """

    def __init__(self, max_characters: int) -> None:
        """Keep at most that much."""
        self._max_characters = max_characters
        self._num_characters, self._limit = 0, 2**64
        self._kept: list[tuple[int, int, Document]] = []

    def add(self, place: int, document: Document) -> None:
        """Keep a document for now, if it belongs to the sample."""
        code = _code(document.text)
        if code >= self._limit:
            return
        self._kept.append((place, code, document))
        self._num_characters += len(document.text)
        while self._num_characters > self._max_characters and len(self._kept) > 1:
            self._limit >>= 1
            self._kept = [each for each in self._kept if each[1] < self._limit] or self._kept[:1]
            self._num_characters = sum(len(document.text) for _place, _code, document in self._kept)

    def documents(self) -> list[tuple[int, Document]]:
        """Return the sample, each document with its place in the text."""
        return [(place, document) for place, _code, document in self._kept]


def sampled(documents: Iterable[Document], max_characters: int) -> tuple[Document, ...]:
    """Return a sample of documents, all of them where they have no more than ``max_characters`` together."""
    sampler = Sampler(max_characters)
    for place, document in enumerate(documents):
        sampler.add(place, document)
    return tuple(document for _place, document in sampler.documents())


def survey(documents: Iterable[Document], max_sample: int, on_document: Callable[[Document], None]) -> Survey:
    """Look through a text, keeping twenty bytes of each document and the sample.

    A document's part follows from the hash of its text, exactly as in ``splits.split``: the smallest hashes are test, the
    next validation. Of texts that say the same the first counts (``repeats.said``).
    Raises: UserError if the text has fewer than three different documents.
    """
    codes, said_codes, num_words, sampler = array("Q"), array("Q"), array("I"), Sampler(2 * max_sample)
    for place, document in enumerate(documents):
        codes.append(int.from_bytes(digest_of(document.text)[:8]))
        said_codes.append(_code(said(document.text)))
        num_words.append(count_words(document.text))
        sampler.add(place, document)
        on_document(document)
    part_D = _parts(np.array(codes, dtype=np.uint64), np.array(said_codes, dtype=np.uint64))
    of_train = (document for place, document in sampler.documents() if part_D[place] == TRAIN)
    kept_words = int(np.array(num_words, dtype=np.int64)[part_D != LEFT_OUT].sum())
    return Survey(part_D=part_D, sample=sampled(of_train, max_sample), num_words=kept_words)


def _code(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest())


def _parts(code_D: npt.NDArray[np.uint64], said_D: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint8]:
    different, part_of = np.unique(code_D, return_inverse=True)
    if len(different) < MIN_DOCUMENTS:
        raise UserError(
            N_("This text says the same again and again, so nothing in it can be held out for a test. Use another.")
        )
    num_held_out = max(1, round(HELD_OUT_RATE * len(different)))
    part_of_code = np.full(len(different), TRAIN, dtype=np.uint8)
    part_of_code[:num_held_out] = TEST
    part_of_code[num_held_out : 2 * num_held_out] = VALIDATION
    _, first_places = np.unique(said_D, return_index=True)
    part_D = np.full(len(code_D), LEFT_OUT, dtype=np.uint8)
    part_D[first_places] = part_of_code[part_of[first_places]]
    return part_D
