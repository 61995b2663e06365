"""Long texts are cut where a reader would cut them."""

import pytest

from ssl_core.corpora.passages import MAX_CHARACTERS, MIN_CHARACTERS, passage_size, passages


@pytest.mark.parametrize(
    ("text", "first_end"),
    [
        ("word " * 30 + "\n\n" + "more text. " * 60, "word"),
        ("line of words here\n" * 60, "here"),
        ("One sentence more. " * 60, "more."),
        ("只有一句话。" * 100, "。"),
        ("nothing but words " * 60, ("nothing", "but", "words")),
    ],
)
def test_cuts_lie_at_the_best_place_there_is(text, first_end):
    first = next(passages(text, 100))
    assert first.endswith(first_end)
    assert 100 <= len(first) + 1 <= 200 + 1


def test_nothing_is_lost():
    text = "\n\n".join(f"Paragraph {number}: " + "some words. " * (number % 37) for number in range(300))
    assert "".join("".join(passages(text, 150)).split()) == "".join(text.split())


def test_a_word_longer_than_a_passage_is_cut_through():
    assert [len(part) for part in passages("x" * 1000, 100)] == [200] * 5


def test_short_text_is_one_passage_and_blank_text_none():
    assert list(passages("short", 100)) == ["short"]
    assert list(passages(" \n ", 100)) == []


def test_size_stays_within_its_limits():
    assert passage_size(10) == MIN_CHARACTERS
    assert passage_size(100_000) == 500
    assert passage_size(10**8) == MAX_CHARACTERS
