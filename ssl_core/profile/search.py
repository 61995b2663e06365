"""Finding words in a text, with what stands around them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ssl_core.corpora.base import Document

NUM_SHOWN = 20
AROUND = 90  # characters shown on each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One place: what stands before it, the words found as they are written there, what follows; and the document."""

    document: str
    label: str | None
    before: str
    found: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How often in how many documents, and the first of each document until enough are shown."""

    num_hits: int
    num_documents: int
    hits: tuple[Hit, ...]


def search(documents: Iterable[Document], wanted: str, num_shown: int = NUM_SHOWN) -> Found:
    """Find a phrase, whatever its case and spacing; nothing in it is a pattern. An empty phrase is found nowhere."""
    words = wanted.split()
    if not words:
        return Found(num_hits=0, num_documents=0, hits=())
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    num_hits, num_documents = 0, 0
    hits: list[Hit] = []
    for document in documents:
        places = [match.span() for match in pattern.finditer(document.text)]
        num_hits += len(places)
        num_documents += bool(places)
        if places and len(hits) < num_shown:
            hits.append(_hit(document, *places[0]))
    return Found(num_hits=num_hits, num_documents=num_documents, hits=tuple(hits))


def _hit(document: Document, start: int, end: int) -> Hit:
    text = document.text
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    return Hit(
        document=document.id,
        label=document.label,
        before=("…" if start > AROUND else "") + before,
        found=text[start:end],
        after=after + ("…" if end + AROUND < len(text) else ""),
    )
