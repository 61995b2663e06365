"""What a corpus is: a card that says where the text comes from, and its documents."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ssl_core.corpora import letters

if TYPE_CHECKING:
    from ssl_core.corpora.tinyworld.machine import Machine

SHOWN_CHARACTERS = 2_000_000
"""Of a text that is too large to keep in memory, so much is shown and searched."""

_WORD = letters.compiled(letters.WORD)
_FLAT_WORD = letters.compiled(letters.FLAT_WORD)
_CHINESE = re.compile(rf"[{letters.CJK}]")
_LETTER = re.compile(r"[^\W\d_]")  # without marks: one a letter
_LINE_BREAKS = re.compile(r"\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufeff]")
_TRAILING = re.compile(r"(?<![ \t\u3000])[ \t\u3000]++$", re.MULTILINE)  # looks at each blank once, however many there are
_EMPTY_LINES = re.compile(r"\n{3,}")
_SURROGATES = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What a person should know of a text before a model learns from it.

    ``title``, ``source``, ``description`` and ``flaws`` are English texts to translate where they are shown; the
    title of a learner's own text is its file name.
    """

    key: str
    title: str
    language: str  # "en" or "zh": how the text is cut into tokens
    licence: str
    source: str
    description: str
    flaws: str
    num_documents: int = 0  # 0 where it is counted when the text is first read
    num_words: int = 0  # a Chinese character counts as one word
    is_other_language: bool = False  # True where it is known to be neither English nor Chinese


@dataclass(frozen=True, slots=True)
class Document:
    """One article, message or passage; ``"".join(words) == text`` where the words are known."""

    id: str
    text: str
    label: str | None = None
    words: tuple[str, ...] | None = None
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)  # whatever else is known: mood, place …


@dataclass(frozen=True)
class Corpus:
    """A text to learn from; it is read when its documents are first asked for."""

    card: Card
    fingerprint: str  # another text, or another way of cleaning it, has another fingerprint
    read: Callable[[], Iterable[Document]]
    machine: "Callable[[], Machine] | None" = None  # of a text by a known grammar; its words put together are the documents
    is_large: bool = False  # too large to keep in memory: to be taken from ``stream``
    num_bytes: int = 0  # of a large text, before it is cleaned

    @cached_property
    def _documents(self) -> tuple[Document, ...]:
        return tuple(_first(self.read(), SHOWN_CHARACTERS) if self.is_large else self.read())

    def documents(self) -> Sequence[Document]:
        """Return the cleaned documents, each one once, always in the same order; of a large text only the first ones."""
        return self._documents

    def stream(self) -> Iterator[Document]:
        """Give the documents one by one; of a large text none is kept, and what it says twice is said twice here."""
        return iter(self.read() if self.is_large else self._documents)


def _first(documents: Iterable[Document], num_characters: int) -> Iterator[Document]:
    for document in documents:
        yield document
        num_characters -= len(document.text)
        if num_characters <= 0:
            return


def from_documents(card: Card, documents: Iterable[Document]) -> Corpus:
    """Make a corpus of documents that are already there; its fingerprint is that of their content."""
    kept = tuple(documents)
    content = hashlib.sha256()
    for document in kept:
        content.update(
            repr((document.text, document.label, document.words, sorted(document.labels.items()))).encode(
                "utf-8", "backslashreplace"
            )
        )
    return Corpus(card, content.hexdigest(), lambda: kept)


def normalised(text: str) -> str:
    """Return what two texts share that differ only in case, spacing and punctuation."""
    flat = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_FLAT_WORD.findall(flat)) or flat.strip()


def count_words(text: str) -> int:
    """Count words; where a script writes no spaces between them, as Chinese and Thai, a character counts as one."""
    return sum(1 for _ in _WORD.finditer(text))


def language_of(text: str) -> str:
    """Say whether a text is Chinese ("zh") or not ("en"), by its share of Chinese characters among the letters."""
    num_letters = sum(1 for _ in _LETTER.finditer(text))
    num_chinese = sum(1 for _ in _CHINESE.finditer(text))
    return "zh" if num_chinese > 0.2 * num_letters else "en"


def tidy(text: str) -> str:
    """Return the text with one kind of line break and without invisible characters, else as it was."""
    text = _INVISIBLE.sub("", _LINE_BREAKS.sub("\n", text))
    text = _SURROGATES.sub("\ufffd", text)
    return _EMPTY_LINES.sub("\n\n", _TRAILING.sub("", text)).strip("\n")
