"""TinyWorld's English stories as a corpus."""

import hashlib
import re

from ssl_core import corpora
from ssl_core.corpora.tinyworld import compiler, lexicon

FINGERPRINT = "9f1688cd7b5b460a"
"""Of all stories and labels. Whoever changes the grammar on purpose puts the new one here."""


def test_there_are_40000_different_stories_the_same_in_every_process():
    documents = corpora.load("tinyworld-en").documents()
    assert len({document.text for document in documents}) == 40_000
    told = "\n".join(f"{document.text} {sorted(document.labels.items())}" for document in documents)
    assert hashlib.sha256(told.encode()).hexdigest()[:16] == FINGERPRINT


def test_labels_say_who_where_and_how():
    grammar = lexicon.grammar("en")
    documents = corpora.load("tinyworld-en").documents()
    seen = {name: {document.labels[name] for document in documents} for name in ("character", "place", "mood", "gender")}
    assert seen["character"] == set(grammar.classes["person"].entries)
    assert seen["place"] == set(grammar.classes["place"].entries)
    assert seen["mood"] == {"happy", "sad"}
    assert seen["gender"] == {"female", "male"}
    assert all(document.label == document.labels["place"] for document in documents)


def test_the_corpus_carries_its_machine_and_every_word_of_it_occurs():
    corpus = corpora.load("tinyworld-en")
    assert corpus.machine is not None
    pieces = re.compile(r" ?[^\W_]+|[^\w\s]")  # a word with the blank before it, or a mark
    found = {piece for document in corpus.documents() for piece in pieces.findall(document.text)}
    assert found == set(corpus.machine().words[1:])
    assert {word.strip().lower() for word in found} == set(compiler.machine("en").words[1:])
