"""Train, validation and test share nothing and are the same everywhere."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ssl_core import corpora
from ssl_core.corpora.base import Document, normalised
from ssl_core.corpora.repeats import without_editions, without_repeats
from ssl_core.corpora.splits import split

KEYS = [card.key for card in (corpora.card(stem.replace("_", "-")) for stem in corpora.MENU)]


def documents_of(texts):
    return [Document(str(number), text) for number, text in enumerate(texts)]


@pytest.mark.parametrize("key", KEYS)
def test_parts_are_disjoint_by_normalised_text_and_lose_nothing(key):
    documents = corpora.load(key).documents()
    parts = split(documents)
    texts = [{normalised(document.text) for document in part} for part in (parts.train, parts.validation, parts.test)]
    assert len(set.union(*texts)) == sum(map(len, texts)), "one text is in two parts"
    assert len(parts.train) + len(parts.validation) + len(parts.test) == len(documents)
    assert len(parts.validation) == len(parts.test) == round(0.05 * len(documents))


def test_parts_do_not_depend_on_the_order_or_on_labels():
    documents = documents_of(f"Text number {number}." for number in range(100))
    forwards, backwards = split(documents), split(documents[::-1])
    assert {each.id for each in forwards.validation} == {each.id for each in backwards.validation}


def test_texts_that_differ_in_case_and_punctuation_only_land_together():
    texts = [f"text {number}" for number in range(60)] + [f"TEXT, {number}!" for number in range(60)]
    parts = split(documents_of(texts))
    held_out = [normalised(document.text) for document in parts.test]
    assert len(held_out) == 2 * len(set(held_out)), "each is there in both spellings"


def test_known_texts_land_where_their_hash_says():
    texts = [f"text {number}" for number in range(40)]
    by_hash = sorted(texts, key=lambda text: hashlib.sha256(text.encode()).digest())
    parts = split(documents_of(texts))
    assert {document.text for document in parts.test} == set(by_hash[:2])
    assert {document.text for document in parts.validation} == set(by_hash[2:4])


@pytest.mark.parametrize("texts", [["word " * 400], ["the same. " * 40] * 10, ["a", "b"]])
def test_text_with_fewer_than_three_different_documents_is_cut_by_position(texts):
    parts = split(documents_of(texts))
    whole = " ".join(document.text for document in (*parts.train, *parts.validation, *parts.test))
    assert whole.split() == " ".join(texts).split(), "nothing is lost and no word is cut"


def test_nothing_splits_into_nothing():
    parts = split([])
    assert parts.train == parts.validation == parts.test == ()


def digest(key):
    parts = split(corpora.load(key).documents())
    return hashlib.sha256(repr([parts.train, parts.validation, parts.test]).encode()).hexdigest()


def test_another_process_reads_and_splits_the_same():
    code = f"import sys; sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
    code += f"import test_splits; print(*map(test_splits.digest, {KEYS!r}))"
    environment = os.environ | {"PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.split() == [digest(key) for key in KEYS]


def test_repeats_are_found_whatever_their_punctuation():
    texts = ["One, two.", "one two", "three", "One; two!"]
    assert [document.text for document in without_repeats(documents_of(texts))] == ["One, two.", "three"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("I like C++ best", "I like C# best"), ("it was 5 % more", "it was 5 $ more"), ("so good :)", "so good :("),
     ("at -5 degrees", "at 5 degrees"), ("लड़का केला खाता है।", "लड़की केले खाती हैं।"), ("I ❤️ it", "I 💔 it"), ("a + b", "a * b")],
)  # fmt: skip
def test_other_signs_and_marks_say_something_else(one, other):
    assert len(without_repeats(documents_of([one, other]))) == 2


def test_case_spacing_and_the_punctuation_of_sentences_say_nothing_else():
    same = [
        "It was – so he said – “good”.",
        "it was so he said good",
        "IT WAS (so he said): 'good'!",
        "It was,\nso he said… good？",
    ]
    assert len(without_repeats(documents_of(same))) == 1


def test_of_two_editions_the_longer_stays():
    long = "The minister resigned on Monday evening. Nobody had expected this to happen. Markets fell by two per cent."
    short = "The minister resigned on Monday evening. Nobody had expected this to happen."
    other = "A dog was found in the garden of a farmer. It was given to the neighbours' children."
    kept = without_editions(documents_of([short, other, long]))
    assert [document.text for document in kept] == [other, long]


def test_sharing_one_sentence_of_many_makes_no_edition():
    shared = "The company declined to comment on this matter."
    texts = [" ".join([shared, *(f"Sentence number {10 * each + n} is long enough." for n in range(4))]) for each in (1, 2)]
    assert len(without_editions(documents_of(texts))) == 2
