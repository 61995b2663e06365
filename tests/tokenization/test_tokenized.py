"""Tokenised corpora: complete, cached by content, and safe to ask for twice at once."""

import errno
import multiprocessing
from dataclasses import replace

import numpy as np
import pytest

from ssl_core import corpora, paths
from ssl_core.corpora.base import Document, from_documents
from ssl_core.corpora.splits import split
from ssl_core.errors import UserError
from ssl_core.tokenization import cache, default_config, is_cached, making, tokenized
from ssl_core.tokenization.base import SEP_ID, UNK_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.growing import GrowingArray

ENGLISH = default_config("en")
CHINESE = default_config("zh")
SPLITS = ("train", "validation", "test")


def part_of(key, num_documents=200):
    return from_documents(corpora.card(key), corpora.load(key).documents()[:num_documents])


def documents_back(ids_N, tokenizer):
    ends = np.flatnonzero(ids_N == SEP_ID)
    assert ends[-1] == len(ids_N) - 1, "the last document is ended too"
    starts = [0, *(ends[:-1] + 1)]
    return [tokenizer.decode(ids_N[start:end].tolist()) for start, end in zip(starts, ends, strict=True)]


def test_usual_tokenizers_are_pieces_for_english_and_characters_for_chinese():
    assert default_config("en") == TokenizerConfig(kind="wordpiece", vocabulary_size=1024)
    assert default_config("zh") == TokenizerConfig(kind="character", vocabulary_size=2048)


@pytest.mark.parametrize(("key", "config"), [("bbc-news", ENGLISH), ("peoples-daily", CHINESE)])
def test_whole_corpora_fill_the_vocabulary_and_are_read_from_the_cache(key, config, shared_cache):
    corpus = corpora.load(key)
    made = tokenized(corpus, config)
    assert is_cached(corpus, config)
    assert made.vocabulary.size == config.vocabulary_size
    assert made.unknown_rate < 0.03
    assert len(made.train_ids) > 1_000_000
    for name in SPLITS:
        ids_N = getattr(made, f"{name}_ids")
        assert isinstance(ids_N, np.memmap)
        assert (ids_N.dtype, ids_N.ndim) == (np.uint16, 1)
        assert getattr(made, f"{name}_word_starts").shape == ids_N.shape
        assert ids_N.max() < made.vocabulary.size
        assert np.count_nonzero(ids_N == SEP_ID) == len(getattr(split(corpus.documents()), name))


def test_characters_decode_to_the_documents_they_came_from():
    corpus = part_of("peoples-daily")
    made = tokenized(corpus, TokenizerConfig(kind="character", vocabulary_size=8192))
    parts = split(corpus.documents())
    assert documents_back(made.train_ids, made.tokenizer) == [document.text for document in parts.train]


def test_pieces_decode_to_the_words_of_the_documents_in_lower_case():
    corpus = part_of("bbc-news")
    made = tokenized(corpus, ENGLISH)
    letters = ["".join(filter(str.isalpha, text)) for text in documents_back(made.validation_ids, made.tokenizer)]
    expected = ["".join(filter(str.isalpha, each.text.lower())) for each in split(corpus.documents()).validation]
    assert letters == expected


def test_vocabulary_is_learnt_from_the_train_split_alone():
    documents = [Document(str(n), f"The same text, but for {chr(0x4E00 + n)}, which is here only.") for n in range(100)]
    tokenizer = tokenized(from_documents(corpora.card("bbc-news"), documents), CHINESE).tokenizer
    seen = {char for document in split(documents).train for char in document.text}
    assert {token for token in tokenizer.get_vocab() if len(token) == 1} == seen


def test_bytes_per_token_counts_the_validation_texts():
    corpus = part_of("peoples-daily")
    made = tokenized(corpus, CHINESE)
    num_bytes = sum(len(document.text.encode()) for document in split(corpus.documents()).validation)
    assert made.bytes_per_token == num_bytes / len(made.validation_ids)
    assert made.unknown_rate == np.mean(np.asarray(made.validation_ids) == UNK_ID)


def test_word_starts_follow_the_two_hashes_in_english():
    made = tokenized(part_of("bbc-news"), ENGLISH)
    tokens = [made.tokenizer.id_to_token(token_id) for token_id in made.validation_ids]
    assert made.validation_word_starts.tolist() == [not token.startswith("##") for token in tokens]


@pytest.mark.parametrize("config", [CHINESE, TokenizerConfig(kind="wordpiece", vocabulary_size=2048)])
def test_word_starts_follow_the_known_words_in_chinese(config):
    words = ("今天", "我们", "学习", "语言", "模型", "，", "2026年", "在", "北京", "。")
    documents = [Document(str(n), "".join(words) + str(n), words=(*words, str(n))) for n in range(60)]
    made = tokenized(from_documents(corpora.card("peoples-daily"), documents), config)
    rebuilt: list[str] = []
    for token_id, starts in zip(made.train_ids, made.train_word_starts, strict=True):
        token = made.tokenizer.id_to_token(token_id).removeprefix("##")
        rebuilt[len(rebuilt) :] = [token] if starts else []
        rebuilt[-1] += "" if starts else token
        if token_id == SEP_ID:
            break
    assert tuple(rebuilt[:-2]) == words
    assert rebuilt[-1] == "[SEP]"


def test_every_character_counts_as_a_word_where_words_are_not_known():
    documents = [Document(str(n), f"今天我们学习语言模型，第{n}课，在北京。") for n in range(60)]
    made = tokenized(from_documents(corpora.card("peoples-daily"), documents), CHINESE)
    assert made.train_word_starts.all()


def test_each_setting_and_each_text_has_a_cache_of_its_own():
    corpus, other = part_of("bbc-news", 60), part_of("bbc-news", 61)
    small = TokenizerConfig(vocabulary_size=256)
    folders = {tokenized(*asked).folder for asked in ((corpus, small), (other, small), (corpus, CHINESE), (corpus, small))}
    assert len(folders) == 3
    assert not is_cached(corpus, ENGLISH)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("train_ids.npy", b"half"), ("train_ids.npy", b""), ("tokenizer.json", b"{}"), ("tokenizer.json", b"\xff"),
        ("facts.json", b"{}"), ("facts.json", b"[]"),
    ],
)  # fmt: skip
def test_damaged_cache_is_made_anew(name, content):
    corpus, config = part_of("bbc-news", 60), TokenizerConfig(vocabulary_size=256)
    made = tokenized(corpus, config)
    before = np.array(made.train_ids)
    (made.folder / name).write_bytes(content)
    np.testing.assert_array_equal(tokenized(corpus, config).train_ids, before)


def _ask(arguments):
    key, num_documents, vocabulary_size = arguments
    made = tokenized(part_of(key, num_documents), TokenizerConfig(vocabulary_size=vocabulary_size))
    return str(made.folder), made.train_ids[:50].tolist(), len(made.train_ids)


def test_two_processes_may_ask_for_the_same_at_once(home):
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        answers = pool.map(_ask, [("bbc-news", 100, 512)] * 2, chunksize=1)
    assert answers[0] == answers[1]
    kept = [path.name for path in (paths.cache_folder() / "tokenized").iterdir() if not path.name.endswith(".lock")]
    assert len(kept) == 1, kept


def test_loser_of_a_race_takes_the_winners_result(monkeypatch):
    corpus, config = part_of("bbc-news", 60), TokenizerConfig(vocabulary_size=256)
    winner = tokenized(corpus, config)
    assert cache._made(corpus, config, winner.folder).folder == winner.folder


@pytest.mark.parametrize("documents", [[], [Document("1", "too short")], [Document(str(n), "a") for n in range(9)]])
def test_too_short_a_text_is_refused_in_words(documents, home):
    with pytest.raises(UserError, match="Use more text"):
        tokenized(from_documents(corpora.card("bbc-news"), documents), ENGLISH)
    assert not list(home.rglob("*.npy"))


def test_context_longer_than_a_split_is_refused_in_words():
    made = tokenized(part_of("bbc-news", 60), TokenizerConfig(vocabulary_size=256))
    made.require_context(64)
    with pytest.raises(UserError, match="shorter context"):
        made.require_context(10**6)


def test_full_disk_is_said_in_words_and_leaves_nothing(home, monkeypatch):
    def full(*_arguments, **_options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(GrowingArray, "append", full)
    with pytest.raises(UserError, match="disk is full"):
        tokenized(part_of("bbc-news", 60), TokenizerConfig(vocabulary_size=256))
    assert not [path for path in home.rglob("*") if path.is_file() and path.suffix != ".lock"]


def test_a_large_text_is_cut_as_the_same_text_in_memory():
    documents = corpora.load("bbc-news").documents()[:300]
    repeated = [*documents, *documents[:50]]
    small = from_documents(corpora.card("bbc-news"), documents)
    large = replace(small, fingerprint="large", read=lambda: iter(repeated), is_large=True, num_bytes=10**6)
    config = TokenizerConfig(vocabulary_size=512)
    one, other = tokenized(small, config), tokenized(large, config)
    assert one.tokenizer.get_vocab() == other.tokenizer.get_vocab()
    assert (one.bytes_per_token, one.unknown_rate) == (other.bytes_per_token, other.unknown_rate)
    for name in SPLITS:
        for what in ("ids", "word_starts"):
            np.testing.assert_array_equal(getattr(one, f"{name}_{what}"), getattr(other, f"{name}_{what}"))


def test_a_vocabulary_is_learnt_from_a_sample_of_stated_size(monkeypatch):
    corpus = part_of("bbc-news", 100)
    whole = tokenized(corpus, TokenizerConfig(vocabulary_size=512))
    train = split(corpus.documents()).train
    assert whole.learnt_from_characters == sum(len(document.text) for document in train)
    monkeypatch.setattr(making, "SAMPLE_CHARACTERS", 50_000)
    part = tokenized(corpus, TokenizerConfig(vocabulary_size=448))
    assert 0 < part.learnt_from_characters <= 50_000


def test_progress_is_told_from_nothing_to_all_and_never_falls():
    corpus, config, shares = part_of("bbc-news", 300), TokenizerConfig(vocabulary_size=256), []
    tokenized(corpus, config, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(0 <= share <= 1 for share in shares)
    shares.clear()
    tokenized(corpus, config, shares.append)
    assert not shares, "what is there already takes no time"


def test_a_text_that_changes_between_two_looks_is_refused_in_words(home):
    documents = corpora.load("bbc-news").documents()[:100]
    looks = iter([documents, documents[:90]])
    corpus = replace(part_of("bbc-news", 100), read=lambda: iter(next(looks)), is_large=True, fingerprint="changing")
    with pytest.raises(UserError, match="changed while it was read"):
        tokenized(corpus, ENGLISH)
    assert not list(home.rglob("*.npy"))
