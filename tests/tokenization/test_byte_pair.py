"""Byte-level byte pairs: the same merges as a plain double loop, and every text comes back byte by byte."""

import json
from collections import Counter

import pytest
from tokenizers import pre_tokenizers

from ssl_core.tokenization.base import SPECIAL_TOKENS, UNK_ID
from ssl_core.tokenization.byte_pair import MIN_SIZE_FOR_ALL_BYTES, train_byte_pairs
from ssl_core.tokenization.display import decode, token_text
from ssl_core.tokenization.spelling import CHARACTER_OF_BYTE
from ssl_core.tokenization.typed import encode_typed
from tests.tokenization import tricky_texts as texts

TEXTS = ["the cat sat on the mat", "the hat of the cat", "a bat and a rat chat", "that fat cat sat flat"] * 5


def merges_by_hand(texts_to_learn, num_merges):
    """Join the most frequent pair of neighbours, again and again; of equals, the one with the smaller numbers."""
    cut = pre_tokenizers.ByteLevel(add_prefix_space=False).pre_tokenize_str
    words = Counter(word for text in texts_to_learn for word, _place in cut(text))
    tokens = sorted({character for word in words for character in word})
    parts = {word: list(word) for word in words}
    merges = []
    while len(merges) < num_merges:
        pairs = Counter()
        for word, count in words.items():
            for left, right in zip(parts[word], parts[word][1:], strict=False):
                pairs[left, right] += count
        if not pairs:
            break
        best = min(pairs, key=lambda pair: (-pairs[pair], tokens.index(pair[0]), tokens.index(pair[1])))
        merges.append(list(best))
        tokens.append("".join(best))
        for pieces in parts.values():
            place = 0
            while place < len(pieces) - 1:
                if tuple(pieces[place : place + 2]) == best:
                    pieces[place : place + 2] = ["".join(best)]
                place += 1
    return merges


@pytest.mark.parametrize("language", ["en", "zh"])
def test_merges_equal_a_plain_double_loop(language):
    learned = TEXTS if language == "en" else ["小明看书，小红看花。", "小明和小红在公园看书"] * 4
    tokenizer = train_byte_pairs(learned, 96)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    assert len(merges) > 20
    assert merges == merges_by_hand(learned, len(merges))


def test_the_vocabulary_is_special_tokens_then_bytes_then_merges():
    tokenizer = train_byte_pairs(TEXTS, 600)
    tokens = texts.tokens_of(tokenizer)
    assert tokens[:5] == list(SPECIAL_TOKENS)
    assert tokens[5:261] == sorted(CHARACTER_OF_BYTE.values())
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    assert tokens[261:] == ["".join(pair) for pair in merges]


def test_each_byte_has_the_character_that_gpt2_gives_it():
    assert sorted(CHARACTER_OF_BYTE.values()) == sorted(pre_tokenizers.ByteLevel.alphabet())
    for byte, character in CHARACTER_OF_BYTE.items():
        if byte < 0x80:
            ((word, _place),) = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(chr(byte))
            assert word == character, f"byte {byte}"


@pytest.mark.parametrize("name", texts.TRICKY)
def test_any_text_comes_back_as_it_was(name):
    tokenizer = train_byte_pairs(TEXTS, MIN_SIZE_FOR_ALL_BYTES)
    text = texts.TRICKY[name]
    ids = encode_typed(tokenizer, text).ids
    assert UNK_ID not in ids
    assert tokenizer.decode(ids, skip_special_tokens=False) == text
    assert decode(tokenizer, ids) == text


def test_a_small_vocabulary_has_only_bytes_that_the_text_holds():
    tokenizer = train_byte_pairs(TEXTS, 64)
    assert set(texts.tokens_of(tokenizer)) > set("abcdefhlmnorst") - {"r"}
    ids = encode_typed(tokenizer, "the 猫").ids
    assert ids.count(UNK_ID) == 3, "one for each byte of the character"


def test_the_rarest_bytes_go_without_in_the_smallest_vocabulary():
    news = [document.text for document in texts.some("peoples-daily", 40)]
    tokenizer = train_byte_pairs(news, 64)
    assert tokenizer.get_vocab_size() == 64
    singles = [token for token in texts.tokens_of(tokenizer)[5:] if len(token) == 1]
    assert len(singles) == int(0.75 * 64) - 5


def test_spaces_and_lone_bytes_are_visible():
    tokenizer = train_byte_pairs(TEXTS, 600)
    assert token_text(tokenizer, tokenizer.token_to_id("Ġthe")) == "␣the"
    assert [token_text(tokenizer, each) for each in encode_typed(tokenizer, "猫\n").ids] == ["⟨E7⟩", "⟨8C⟩", "⟨AB⟩", "⏎"]


def test_letter_case_is_kept():
    tokenizer = train_byte_pairs(["The CAT"] * 3, 300)
    assert decode(tokenizer, tokenizer.encode("The CAT").ids) == "The CAT"
