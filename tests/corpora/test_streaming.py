"""One look through a text tells its parts and a sample; it keeps eight bytes a document."""

import random
import tracemalloc

import pytest

from ssl_core.corpora.base import Document
from ssl_core.corpora.splits import split
from ssl_core.corpora.streaming import LEFT_OUT, TEST, TRAIN, VALIDATION, sampled, survey
from ssl_core.errors import UserError


def documents_of(texts):
    return [Document(str(number), text) for number, text in enumerate(texts)]


def nothing(_document):
    return None


def part(documents, found, wanted):
    return {document.text for document, label in zip(documents, found.part_D, strict=True) if label == wanted}


def test_parts_are_those_of_the_split_in_memory():
    documents = documents_of(f"Text number {number}." for number in range(1000))
    found, parts = survey(documents, 10**6, nothing), split(documents)
    assert part(documents, found, TRAIN) == {each.text for each in parts.train}
    assert part(documents, found, VALIDATION) == {each.text for each in parts.validation}
    assert part(documents, found, TEST) == {each.text for each in parts.test}


def test_of_texts_that_differ_in_case_and_punctuation_only_the_first_counts():
    documents = documents_of([f"text {number}" for number in range(60)] + [f"TEXT, {number}!" for number in range(60)])
    found = survey(documents, 10**6, nothing)
    assert list(found.part_D[60:]) == [LEFT_OUT] * 60
    assert LEFT_OUT not in found.part_D[:60]


def test_a_text_that_only_repeats_itself_is_refused():
    with pytest.raises(UserError, match="again and again"):
        survey(documents_of(["the same"] * 50 + ["another"]), 10**6, nothing)
    with pytest.raises(UserError, match="again and again"):
        survey([], 10**6, nothing)


def test_words_are_counted_and_every_document_is_told():
    heard = []
    assert survey(documents_of(["one two"] * 2 + ["我们", "three"]), 10**6, heard.append).num_words == 5
    assert len(heard) == 4


def test_all_of_a_small_text_is_the_sample():
    documents = documents_of(f"Text number {number}." for number in range(100))
    assert sampled(documents, 10**6) == tuple(documents)
    found = survey(documents, 10**6, nothing)
    assert {each.text for each in found.sample} == part(documents, found, TRAIN), "and only what is learnt from"


def test_the_sample_has_its_size_comes_from_everywhere_and_follows_from_the_texts_alone():
    documents = documents_of(f"{number:05d} {'word ' * 20}" for number in range(4000))
    found = sampled(documents, 40_000)
    size = sum(len(each.text) for each in found)
    assert 10_000 < size <= 40_000
    quarters = [sum(1 for each in found if int(each.id) // 1000 == quarter) for quarter in range(4)]
    # each quarter holds a quarter of some 250 documents: 62, give or take 5 standard deviations of 7
    assert min(quarters) > 25, quarters
    shuffled = documents.copy()
    random.Random(0).shuffle(shuffled)
    assert {each.id for each in sampled(shuffled, 40_000)} == {each.id for each in found}


def test_memory_does_not_grow_with_the_text():
    def long_text(num_documents):
        return (Document(str(number), f"{number} " + "some words " * 200) for number in range(num_documents))

    peaks = []
    for num_documents in (1000, 4000):
        tracemalloc.start()
        survey(long_text(num_documents), 100_000, nothing)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # 3,000 more documents of 2,200 characters are 6.6 MB; their hashes, parts and a few copies to sort them 0.2 MB
    assert peaks[1] - peaks[0] < 1_000_000, peaks
