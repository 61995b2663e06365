"""How tokenizers came about, frame by frame: the last frame is the tokenizer itself."""

import itertools
import math

import pytest

from ssl_core.tokenization import films, kinds
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.films import MergeFilm, PruneFilm, likeliest
from ssl_core.tokenization.pieces import pieces_of
from tests.tokenization import tricky_texts as texts

TEXT = "the government said it would, in 2004"


@pytest.fixture(scope="module")
def news():
    return texts.some("bbc-news", 40)


@pytest.fixture(scope="module", params=["bpe", "wordpiece"])
def film(request, news):
    tokenizer = kinds.train(TokenizerConfig(kind=request.param, vocabulary_size=600), news)
    return tokenizer, MergeFilm(tokenizer, [document.text for document in news])


def test_the_first_frame_shows_characters(film):
    _tokenizer, made = film
    pieces = made.pieces(TEXT, 0)
    assert all(len(piece.shown) == 1 for piece in pieces)
    assert not any(piece.is_new for piece in pieces)


def test_the_last_frame_of_bpe_is_the_tokenizer(news):
    tokenizer = kinds.train(TokenizerConfig(kind="bpe", vocabulary_size=600), news)
    made = MergeFilm(tokenizer, [document.text for document in news])
    pieces = made.pieces(TEXT, made.length)
    assert [piece.shown for piece in pieces] == [piece.shown for piece in pieces_of(tokenizer, TEXT)]
    assert [piece.continues for piece in pieces] == [piece.continues for piece in pieces_of(tokenizer, TEXT)]


def test_each_merge_shortens_the_sample(film, news):
    tokenizer, made = film
    assert made.length == tokenizer.get_vocab_size() - 5 - made.num_at_start
    for before, after, merge in zip(made.num_tokens, made.num_tokens[1:], made.merges, strict=False):
        assert merge.count * 0.5 <= before - after <= merge.count, "'aaa' holds the pair twice and is joined once"
    if made.shown("Ġ") == "␣":  # what is left after all merges is what the tokenizer makes of the sample
        assert made.num_tokens[-1] == sum(len(ids) for ids, _starts in kinds.encode(tokenizer, news))


def test_a_frame_marks_what_its_merge_made(film):
    _tokenizer, made = film
    frame = next(number for number in range(1, made.length) if any(piece.is_new for piece in made.pieces(TEXT, number)))
    new = [piece.shown for piece in made.pieces(TEXT, frame) if piece.is_new]
    assert set(new) == {made.shown(made.merges[frame - 1].joined).removeprefix("-")}
    assert len(made.pieces(TEXT, frame)) < len(made.pieces(TEXT, frame - 1))


def test_what_has_no_number_is_unknown(film):
    _tokenizer, made = film
    assert [piece.is_unknown for piece in made.pieces("饕", 0)] != [False]


def test_the_last_round_of_unigram_is_the_tokenizer(news):
    made = PruneFilm([document.text for document in news], 600)
    tokenizer = kinds.train(TokenizerConfig(kind="unigram", vocabulary_size=600), news)
    assert [piece.shown for piece in made.pieces(TEXT, made.length)] == [piece.shown for piece in pieces_of(tokenizer, TEXT)]
    sizes = [len(made.pieces(TEXT, frame)) for frame in range(made.length + 1)]
    assert sizes[0] <= sizes[-1], "fewer pieces to choose from, more of them needed"
    assert [each.num_pieces for each in made.rounds] == sorted((each.num_pieces for each in made.rounds), reverse=True)


def test_the_likeliest_way_is_found_by_trying_all():
    scores = {"a": -2.0, "b": -2.0, "ab": -2.5, "abc": -9.0, "bc": -3.0, "c": -4.0}
    for word in ("abc", "aabbcc", "cab", "abcabc"):
        ways = []
        for cuts in itertools.product([False, True], repeat=len(word) - 1):
            bounds = [0, *(place + 1 for place, is_cut in enumerate(cuts) if is_cut), len(word)]
            parts = [word[start:end] for start, end in itertools.pairwise(bounds)]
            if set(parts) <= set(scores):
                ways.append((sum(scores[part] for part in parts), parts))
        assert math.isclose(sum(scores[part] for part in likeliest(word, scores)), max(ways)[0])
    assert likeliest("axb", scores) == ["a", "x", "b"]


def test_a_film_has_an_end_even_of_a_very_large_vocabulary(news, monkeypatch):
    monkeypatch.setattr(films, "MAX_MERGES", 10)
    tokenizer = kinds.train(TokenizerConfig(kind="bpe", vocabulary_size=600), news)
    assert MergeFilm(tokenizer, [TEXT]).length == 10
