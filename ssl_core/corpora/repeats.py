"""Finding what is in a corpus twice: a model tested on a text it has seen learns nothing from the test."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable

from ssl_core.corpora import letters
from ssl_core.corpora.base import Document

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
_NO_LETTER = letters.compiled(r"[^\p{L}\p{M}\p{N}]+")
_PUNCTUATION = r".,;:!?…'\"()\[\]{}‘’“”«»。，、；：？！（）《》「」『』·\-–—"
_SAID = letters.compiled(  # words; a sign before a number; faces; and all signs but those that punctuate sentences
    letters.FLAT_WORD + r"|(?<!\S)[-−+](?=\p{N})|[:;=]['’-]?[()\[\]/\\|]" + rf"|[[\p{{P}}\p{{S}}]--[{_PUNCTUATION}]]"
)
_MIN_CHARACTERS = 20  # shorter sentences ("He said no.") are shared by chance
_MIN_CHINESE_CHARACTERS = 10


def without_repeats(documents: Iterable[Document]) -> list[Document]:
    """Keep the first of all documents that say the same."""
    kept: dict[str, Document] = {}
    for document in documents:
        kept.setdefault(said(document.text), document)
    return list(kept.values())


def said(text: str) -> str:
    """Return what two texts share that say the same: they differ only in case, spacing and the punctuation of sentences.

    Other signs count: "C++" is not "C#", "5 %" not "5 $", ":)" not ":(".
    """
    flat = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(_SAID.findall(flat)) or flat.strip()


def without_editions(documents: Iterable[Document], shared_rate: float = 0.5) -> list[Document]:
    """Keep the longest of several editions of one article, in the order they came.

    Two documents are editions of one article when the shorter shares at least ``shared_rate`` of its sentences with
    the longer.
    """
    ordered = list(documents)
    sentences_of = {document.id: _sentences(document.text) for document in ordered}
    holders: defaultdict[str, list[str]] = defaultdict(list)
    kept = set()
    for document in sorted(ordered, key=lambda each: (-len(each.text), each.id)):
        sentences = sentences_of[document.id]
        shared = Counter(holder for sentence in sentences for holder in holders.get(sentence, ()))
        if any(count >= shared_rate * min(len(sentences), len(sentences_of[other])) for other, count in shared.items()):
            continue
        kept.add(document.id)
        for sentence in sentences:
            holders[sentence].append(document.id)
    return [document for document in ordered if document.id in kept]


def _sentences(text: str) -> set[str]:
    return {flat for sentence in _SENTENCE_END.split(text) if (flat := _long_enough(sentence))}


def _long_enough(sentence: str) -> str:
    flat = _NO_LETTER.sub("", sentence).lower()
    if len(flat) >= _MIN_CHARACTERS or (len(flat) >= _MIN_CHINESE_CHARACTERS and not flat.isascii()):
        return flat
    return ""
