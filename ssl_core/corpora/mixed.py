"""Several texts of the house as one: ``bbc-news+king-james`` holds the documents of both, one text after the other."""

import hashlib
from collections.abc import Iterator, Sequence

from ssl_core.corpora.base import Card, Corpus, Document

JOINT = "+"


def parts(key: str, known: Sequence[str]) -> list[str]:
    """Return the keys that a mix is made of; none where ``key`` is no mix of known texts."""
    found = key.split(JOINT)
    return found if len(found) > 1 and set(found) <= set(known) and len(set(found)) == len(found) else []


def card(cards: Sequence[Card]) -> Card:
    """Return what a person should know of a mix; its size is known where that of each part is."""
    is_counted = all(each.num_documents for each in cards)
    return Card(
        key=JOINT.join(each.key for each in cards),
        title=f" {JOINT} ".join(each.title for each in cards),
        language=cards[0].language,
        licence=", ".join(dict.fromkeys(each.licence for each in cards)),
        source="\n".join(each.source for each in cards),
        description="\n".join(each.description for each in cards),
        flaws="\n".join(each.flaws for each in cards),
        num_documents=sum(each.num_documents for each in cards) if is_counted else 0,
        num_words=sum(each.num_words for each in cards) if is_counted else 0,
    )


def mixed(corpora: Sequence[Corpus]) -> Corpus:
    """Return one text that holds the documents of several; it is read when they are first asked for."""

    def read() -> Iterator[Document]:
        for corpus in corpora:
            yield from corpus.documents()

    fingerprint = hashlib.sha256(JOINT.join(each.fingerprint for each in corpora).encode()).hexdigest()
    return Corpus(card([each.card for each in corpora]), fingerprint, read)
