"""King James Bible: chapters as people print them, without numbers and brackets."""

import re
from collections import Counter

from ssl_core import corpora
from ssl_core.corpora.king_james import clean


def documents():
    return corpora.load("king-james").documents()


def chapter(name):
    return next(document for document in documents() if document.id == name).text


def test_there_are_all_chapters_of_all_books():
    labels = Counter(document.label for document in documents())
    assert labels == {"Old Testament": 929, "New Testament": 260}, "as every printed edition counts them"
    books = Counter(document.labels["book"] for document in documents())
    assert len(books) == 66
    assert (books["Genesis"], books["Psalms"], books["Jude"], books["Revelation"]) == (50, 150, 1, 22)


def test_a_book_belongs_to_one_testament():
    found = {(document.labels["book"], document.labels["testament"]) for document in documents()}
    assert len(found) == 66
    assert {("Malachi", "Old Testament"), ("Matthew", "New Testament")} <= found


def test_well_known_chapters_begin_and_end_as_they_should():
    assert chapter("Genesis 1").startswith("In the beginning God created the heaven and the earth. And the earth was")
    assert chapter("Psalms 23").startswith("The LORD is my shepherd; I shall not want. He maketh me to lie down")
    assert chapter("John 11").count("Jesus wept.") == 1
    assert chapter("Revelation 22").endswith(
        "Amen. Even so, come, Lord Jesus. The grace of our Lord Jesus Christ be with you all. Amen."
    )


def test_no_verse_number_bracket_or_markup_is_left():
    for document in documents():
        assert not re.search(r"[\d\[\]{}<>_*\\|]", document.text), document.id
        assert document.text[0].isupper(), document.id
        assert re.search(r"[.?!,;:)]$", document.text), f"{document.id}: a chapter is not cut off"


def test_words_that_the_translators_added_stay_without_their_brackets():
    assert clean("and darkness [was] upon\nthe  [face] of") == "and darkness was upon\nthe face of"
