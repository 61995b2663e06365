"""Plain text of any size: read in pieces, recognised without being read twice."""

import os

import pytest

from ssl_core import corpora
from ssl_core.corpora import large_files, local_files
from ssl_core.corpora.base import tidy
from ssl_core.errors import UserError

SENTENCE = "Sentence {n} tells how the cat number {m} found its way home. "


@pytest.fixture
def small_limit(monkeypatch):
    """Files of more than 10,000 bytes count as large, and are read 1,000 characters at a time."""
    monkeypatch.setattr(local_files, "MAX_BYTES", 10_000)
    monkeypatch.setattr(large_files, "CHUNK_CHARACTERS", 1000)
    monkeypatch.setattr(large_files, "SAMPLE_BYTES", 60_000)


def story(num_sentences=2000, line=7):
    sentences = [SENTENCE.format(n=n, m=n * 7 % 101) for n in range(num_sentences)]
    return "".join(sentence + "\n" * (2 if n % line == 0 else 0) for n, sentence in enumerate(sentences))


def opened(tmp_path, data, name="large.txt"):
    path = tmp_path / name
    path.write_bytes(data)
    return corpora.load(str(path))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1"])
def test_nothing_is_lost_in_any_encoding(encoding, tmp_path, small_limit):
    corpus = opened(tmp_path, (story() + " Voilà, c'est l'été à Noël.").encode(encoding))
    assert corpus.is_large
    text = " ".join(document.text for document in corpus.stream())
    assert text.split() == (story() + " Voilà, c'est l'été à Noël.").split()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-be"])
def test_chinese_is_read_and_recognised_even_on_one_line(encoding, tmp_path, small_limit):
    text = "".join(f"第{number}天，我们学习了语言模型的第{number * 3}个例子，大家都觉得很有意思。" for number in range(900))
    corpus = opened(tmp_path, text.encode(encoding))
    assert corpus.card.language == "zh"
    assert "".join(document.text for document in corpus.stream()) == text


def test_mixed_line_ends_become_one_kind(tmp_path, small_limit):
    corpus = opened(tmp_path, story().replace("\n\n", "\r\n\r").encode())
    text = "\n".join(document.text for document in corpus.stream())
    assert "\r" not in text
    assert text.split() == story().split()


def test_passages_are_those_of_the_same_text_read_at_once(tmp_path, small_limit, monkeypatch):
    in_pieces = [document.text for document in opened(tmp_path, story().encode()).stream()]
    monkeypatch.setattr(large_files, "CHUNK_CHARACTERS", 10**9)
    at_once = [document.text for document in opened(tmp_path, story().encode()).stream()]
    assert in_pieces == at_once
    assert all(text == tidy(text) for text in in_pieces)


def test_documents_of_a_large_text_are_its_beginning(tmp_path, small_limit, monkeypatch):
    monkeypatch.setattr("ssl_core.corpora.base.SHOWN_CHARACTERS", 9000)
    corpus = opened(tmp_path, story().encode())
    shown = corpus.documents()
    assert 9000 <= sum(len(document.text) for document in shown) < 13_001, "and the passage that goes beyond"
    assert [document.text for document in shown] == [each.text for each in corpus.stream()][: len(shown)]


def test_only_plain_text_may_be_that_large(tmp_path, small_limit):
    with pytest.raises(UserError, match=r"only plain text"):
        opened(tmp_path, b"text\n" + story().encode(), "large.csv")


@pytest.mark.parametrize(
    ("data", "reason"), [(bytes(range(256)) * 100, "no text"), (b"x" * 30_000, "1 words"), (b" " * 30_000, "words")]
)
def test_what_holds_no_words_is_refused(data, reason, tmp_path, small_limit):
    with pytest.raises(UserError, match=reason):
        opened(tmp_path, data)


def test_fingerprint_follows_the_bytes_and_not_name_or_time(tmp_path, small_limit):
    one, same = opened(tmp_path, story().encode()), opened(tmp_path, story().encode(), "other.txt")
    other = opened(tmp_path, story().encode() + b"More.", "third.txt")
    assert one.fingerprint == same.fingerprint != other.fingerprint


@pytest.mark.parametrize("is_large", [True, False])
def test_a_file_that_did_not_change_is_not_read_again_to_be_recognised(is_large, tmp_path, monkeypatch, home):
    if is_large:
        monkeypatch.setattr(local_files, "MAX_BYTES", 10_000)
    first = opened(tmp_path, story().encode())
    reads = []
    monkeypatch.setattr(local_files.hashlib, "file_digest", lambda *arguments: reads.append(arguments))
    monkeypatch.setattr(local_files, "read_file", lambda *arguments: reads.append(arguments))
    again = corpora.load(str(tmp_path / "large.txt"))
    assert not reads
    assert (again.fingerprint, again.card) == (first.fingerprint, first.card)


def test_a_file_that_changed_has_another_fingerprint(tmp_path):
    first = opened(tmp_path, story().encode()).fingerprint
    path = tmp_path / "large.txt"
    before = path.stat().st_mtime_ns
    path.write_bytes(story().replace("cat", "dog").encode())
    os.utime(path, ns=(before + 10**9, before + 10**9))
    assert corpora.load(str(path)).fingerprint != first


def test_a_small_file_that_changes_after_it_was_opened_is_not_taken_for_the_old_one(tmp_path):
    opened(tmp_path, story().encode())
    known = opened(tmp_path, story().encode())  # recognised, not read
    path = tmp_path / "large.txt"
    path.write_bytes(story().replace("cat", "dog").encode() + b"!")
    with pytest.raises(UserError, match="has changed"):
        known.documents()
