"""Pieces as people look at them, and the shelf they come from."""

import pytest

from ssl_core import corpora
from ssl_core.corpora import online
from ssl_core.corpora.base import from_documents
from ssl_core.errors import UserError
from ssl_core.tokenization import elsewhere, is_cached, kinds, shelf, tokenized
from ssl_core.tokenization.config import KINDS, TokenizerConfig
from ssl_core.tokenization.pieces import BYTES, UNKNOWN, WHOLE, pieces_of
from tests.tokenization import tricky_texts as texts


@pytest.fixture(scope="module", params=KINDS)
def tokenizer(request):
    return kinds.train(TokenizerConfig(kind=request.param, vocabulary_size=1024), texts.some("bbc-news", 60))


@pytest.mark.parametrize("name", texts.TRICKY)
def test_every_piece_says_where_it_stands_and_what_it_is(tokenizer, name):
    text = texts.TRICKY[name]
    pieces = pieces_of(tokenizer, text)
    words = [piece.word for piece in pieces]
    assert words == sorted(words)
    assert not pieces[0].continues
    for piece in pieces:
        assert tokenizer.id_to_token(piece.token_id) == piece.token
        assert piece.shown.strip(), "nothing is invisible"
        assert (piece.kind == UNKNOWN) == (piece.token == "[UNK]")
        assert (piece.kind == BYTES) == ("⟨" in piece.shown and piece.kind != UNKNOWN)
        if piece.kind == UNKNOWN:
            assert piece.shown == text[piece.start : piece.end].replace(" ", "␣").replace("\n", "⏎").replace("\t", "⇥")
        elif piece.kind == WHOLE and name not in ("spaces", "code", "accents"):
            assert piece.shown.replace("␣", "").lower() in text.lower()


def test_pieces_of_one_word_are_told_from_its_neighbours():
    tokenizer = kinds.train(TokenizerConfig(kind="bpe", vocabulary_size=300), texts.some("bbc-news", 60))
    pieces = pieces_of(tokenizer, "unbelievable things")
    firsts = [piece for piece in pieces if not piece.continues]
    assert [piece.word for piece in firsts] == [0, 1]
    assert firsts[1].shown.startswith("␣")


def some_news():
    return from_documents(corpora.card("bbc-news"), texts.some("bbc-news", 60))


def test_a_tokenizer_is_trained_once_and_is_the_one_that_a_run_learns(home):
    corpus, config = some_news(), TokenizerConfig(kind="bpe", vocabulary_size=400)
    assert shelf.kept(corpus, config) is None
    made = shelf.trained(corpus, config)
    assert not is_cached(corpus, config), "no text was turned into numbers"
    assert shelf.kept(corpus, config).to_str() == made.to_str()
    assert tokenized(corpus, config).tokenizer.to_str() == made.to_str()


def test_a_run_that_was_there_first_lends_its_tokenizer(home, monkeypatch):
    corpus, config = some_news(), TokenizerConfig(vocabulary_size=256)
    of_run = tokenized(corpus, config).tokenizer
    monkeypatch.setattr(kinds, "train", lambda *_: pytest.fail("trained again"))
    assert shelf.trained(corpus, config).to_str() == of_run.to_str()


def test_a_damaged_file_is_no_tokenizer(tmp_path):
    for content in ("", "{}", "not json"):
        (tmp_path / "tokenizer.json").write_text(content)
        assert shelf.opened(tmp_path / "tokenizer.json") is None
    assert shelf.opened(tmp_path / "nothing.json") is None


def test_a_model_of_the_hub_is_refused_in_words_without_a_connection(monkeypatch):
    monkeypatch.setattr(online, "_connect", lambda: (_ for _ in ()).throw(OSError("no network")))
    monkeypatch.setattr(elsewhere, "_cached", lambda _asked: None)
    with pytest.raises(UserError, match="out of reach"):
        elsewhere.load("gpt2")
    with pytest.raises(UserError, match="Unknown tokenizer"):
        elsewhere.load("nothing/at-all")


def test_every_known_tokenizer_has_a_fixed_revision_or_a_package():
    for each in elsewhere.KNOWN:
        assert bool(each.package) != bool(each.repository)
        assert len(each.revision) == (40 if each.repository else 0)
        assert each.licence
    assert len({each.key for each in elsewhere.KNOWN}) == len(elsewhere.KNOWN)


def test_a_known_tokenizer_is_read_without_padding(tmp_path, monkeypatch):
    made = kinds.train(TokenizerConfig(vocabulary_size=256), texts.some("bbc-news", 20))
    made.enable_padding(length=64)
    made.enable_truncation(3)
    (tmp_path / "tokenizer.json").write_text(made.to_str())
    monkeypatch.setattr(elsewhere, "_cached", lambda _asked: str(tmp_path / "tokenizer.json"))
    assert 3 < len(pieces_of(elsewhere.load("gpt2"), "the government said it")) < 64
    assert "gpt2" in [each.key for each in elsewhere.offered()], "what was fetched is offered without a connection, too"
