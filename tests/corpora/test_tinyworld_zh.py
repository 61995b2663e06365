"""TinyWorld's Chinese stories as a corpus."""

import hashlib

from ssl_core import corpora
from ssl_core.corpora.tinyworld import lexicon

FINGERPRINT = "0117790296d2ff0f"
"""Of all stories and labels. Whoever changes the grammar on purpose puts the new one here."""


def test_there_are_40000_different_stories_the_same_in_every_process():
    documents = corpora.load("tinyworld-zh").documents()
    assert len({document.text for document in documents}) == 40_000
    told = "\n".join(f"{document.text} {sorted(document.labels.items())}" for document in documents)
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == FINGERPRINT


def test_labels_say_who_where_and_how():
    grammar = lexicon.grammar("zh")
    documents = corpora.load("tinyworld-zh").documents()
    seen = {name: {document.labels[name] for document in documents} for name in ("character", "place", "mood")}
    assert seen["character"] == set(grammar.classes["person"].entries)
    assert seen["place"] == set(grammar.classes["place"].entries)
    assert seen["mood"] == set(grammar.classes["mood"].entries)
    assert all(document.label == document.labels["place"] for document in documents)


def test_the_corpus_carries_its_machine_and_every_word_of_it_occurs():
    corpus = corpora.load("tinyworld-zh")
    assert corpus.machine is not None
    assert all("".join(document.words or ()) == document.text for document in corpus.documents())
    found = {word for document in corpus.documents() for word in document.words or ()}
    assert found == set(corpus.machine().words[1:])
