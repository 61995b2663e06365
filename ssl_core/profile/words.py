"""What counts as a word: letters between spaces in English, known or dictionary words in Chinese."""

from collections.abc import Iterator

from ssl_core.corpora import letters
from ssl_core.corpora.base import Document
from ssl_core.tokenization import chinese_words

_SPACED = letters.compiled(rf"{letters.LETTERS_ONLY}(?:['’]{letters.LETTERS_ONLY})?")
_HAS_LETTER = letters.compiled(rf"[{letters.CJK}]|[[\p{{L}}\p{{N}}]--\p{{Nd}}]")


def words_of(document: Document, language: str) -> Iterator[str]:
    """Give the words of a document in lower case; numbers and punctuation are none.

    In Chinese the words that somebody marked count, else those that a dictionary finds.
    """
    if language != "zh":
        yield from (match[0] for match in _SPACED.finditer(document.text.lower().replace("’", "'")))
        return
    found = document.words if document.words is not None else chinese_words.cut(document.text)
    yield from (word.strip().lower() for word in found if _HAS_LETTER.search(word))
