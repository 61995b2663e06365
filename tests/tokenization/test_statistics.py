"""Figures of a tokenizer: worked by hand on texts of a few words, and by plain loops on real ones."""

import math
from collections import Counter

import pytest

from ssl_core.corpora.base import Document
from ssl_core.tokenization import kinds
from ssl_core.tokenization.base import SEP_ID, UNK_ID
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.tokenization.statistics import longest_tokens, measure, size_curve
from tests.tokenization import tricky_texts as texts


def test_figures_of_two_words_are_those_worked_by_hand():
    train = [Document("1", "aa aa aa bb")]
    tokenizer = kinds.train(TokenizerConfig(kind="word", vocabulary_size=64), train)
    found = measure(tokenizer, train, [Document("2", "aa bb cc")])
    counts = {"aa": 3.1, "bb": 1.1, "[UNK]": 0.1}
    bits = -sum(math.log2(counts[word] / sum(counts.values())) for word in ("aa", "bb", "[UNK]"))
    assert (found.num_tokens, found.num_words, found.num_bytes, found.num_characters) == (3, 3, 8, 8)
    assert found.unknown_rate == pytest.approx(1 / 3)
    assert found.bits_per_byte == pytest.approx((bits + 8 * 2) / 8), "the two letters that [UNK] hides cost 8 bits each"
    assert found.tokens_per_word == 1
    assert found.bytes_per_token == pytest.approx(8 / 3)


@pytest.mark.parametrize("kind", ["wordpiece", "bpe", "unigram", "character", "word"])
@pytest.mark.parametrize("key", ["bbc-news", "peoples-daily"])
def test_bits_per_byte_equal_a_plain_loop(kind, key):
    train, held_out = texts.some(key, 60)[:40], texts.some(key, 60)[40:]
    tokenizer = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=4096), train)
    found = measure(tokenizer, train, held_out)
    counts = Counter(token_id for ids, _starts in kinds.encode(tokenizer, train) for token_id in ids.tolist())
    places = [UNK_ID, *range(SEP_ID + 2, tokenizer.get_vocab_size())]
    total = sum(counts.values()) + 0.1 * len(places)
    ids = [token_id for ids, _starts in kinds.encode(tokenizer, held_out) for token_id in ids.tolist()]
    bits = -sum(math.log2((counts[token_id] + 0.1) / total) for token_id in ids)
    num_bytes = sum(len(document.text.encode()) for document in held_out)
    hidden = (found.bits_per_byte * num_bytes - bits) / 8
    assert hidden == pytest.approx(round(hidden), abs=1e-6), "a whole number of bytes"
    assert (hidden > 0.5) == (UNK_ID in ids)
    assert found.num_tokens == len(ids)
    assert found.num_bytes == num_bytes


def test_bytes_hidden_by_unknown_bytes_are_counted_once():
    train = [Document("1", "abc abc abc")]
    tokenizer = kinds.train(TokenizerConfig(kind="bpe", vocabulary_size=64), train)
    with_it, without = (measure(tokenizer, train, [Document("2", text)]) for text in ("abc猫", "abc"))
    assert with_it.num_tokens == without.num_tokens + 3
    assert with_it.bits_per_byte * 6 > without.bits_per_byte * 3 + 24


def test_larger_vocabularies_make_shorter_sequences():
    train, held_out = texts.some("bbc-news", 60)[:40], texts.some("bbc-news", 60)[40:]
    curve = list(size_curve("bpe", train, held_out, (64, 256, 1024)))
    assert [each.vocabulary_size for each in curve] == [64, 256, 1024]
    lengths = [each.num_tokens for each in curve]
    assert lengths == sorted(lengths, reverse=True)


def test_the_curve_ends_where_nothing_more_is_found():
    train = [Document("1", "abc abd")]
    assert len(list(size_curve("character", train, train, (64, 128, 256)))) == 1


def test_longest_tokens_come_first():
    tokenizer = kinds.train(TokenizerConfig(kind="word", vocabulary_size=64), [Document("1", "a bbb cc ddd")])
    assert longest_tokens(tokenizer, 3) == ("bbb", "ddd", "cc")
