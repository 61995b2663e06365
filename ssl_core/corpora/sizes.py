"""How large texts are whose size nobody knows beforehand: counted when they are first read, and remembered."""

import json
import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from ssl_core import paths
from ssl_core.code_version import code_version
from ssl_core.corpora.base import Card, Corpus, Document, count_words

log = logging.getLogger(__name__)


def filled(card: Card, fingerprint: str) -> Card:
    """Return a card with its size, where it is known by now; else as it was, with zeros."""
    if card.num_documents:
        return card
    try:
        num_documents, num_words = json.loads(_path(fingerprint).read_text(encoding="utf-8"))
        return replace(card, num_documents=int(num_documents), num_words=int(num_words))
    except (OSError, ValueError, TypeError):  # not read yet, or damaged by hand
        return card


def counting(corpus: Corpus) -> Corpus:
    """Return a corpus that remembers its size when it is first read."""

    def read() -> Sequence[Document]:
        documents = tuple(corpus.read())
        keep(corpus.fingerprint, len(documents), sum(count_words(document.text) for document in documents))
        return documents

    return replace(corpus, read=read)


def keep(fingerprint: str, num_documents: int, num_words: int) -> None:
    """Remember a size; where that can't be written, it is counted again another time."""
    path = _path(fingerprint)
    if path.is_file():
        return
    try:
        with paths.written_whole(path) as partial:
            partial.write_text(json.dumps([num_documents, num_words]), encoding="utf-8")
    except OSError as reason:
        log.warning("the size of a text can't be kept: %s", reason)


def _path(fingerprint: str) -> Path:
    return paths.cache_folder() / "sizes" / f"{fingerprint[:24]}-{code_version('corpora')[:8]}.json"
