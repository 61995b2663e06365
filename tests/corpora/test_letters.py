"""Letters with their marks are letters in every part of the house, and nothing changes where there are no marks."""

import re
import sys
import unicodedata

import pytest

from ssl_core.corpora import letters
from ssl_core.corpora.base import Document, count_words, normalised
from ssl_core.corpora.languages import is_other
from ssl_core.corpora.tinyworld.writing import words_of_text
from ssl_core.profile.words import words_of
from ssl_core.tokenization import kinds
from ssl_core.tokenization.config import TokenizerConfig
from ssl_core.training import sentences

HINDI = "लड़का गाँव में केला खाता है"
SPACED = {
    "Hindi": HINDI,
    "Arabic": "كَتَبَ الوَلَدُ رِسَالَةً",
    "Hebrew": "שָׁלוֹם לְךָ",
    "NFD": unicodedata.normalize("NFD", "Übung fällt später schön"),
}
ALL = [
    each for code in range(sys.maxunicode + 1) if unicodedata.category(each := chr(code)) not in ("Cs", "Cn")
]  # regex knows a later Unicode


@pytest.mark.parametrize("name", SPACED)
def test_words_are_what_stands_between_spaces(name):
    text = SPACED[name]
    assert count_words(text) == len(text.split())
    assert list(words_of(Document("1", text), "en")) == text.lower().split()
    assert list(words_of_text(text)) == text.lower().split()
    assert letters.compiled(letters.LETTERS_ONLY).findall(text) == text.split()


def test_a_word_character_is_a_letter_a_digit_or_an_underscore_and_what_stands_on_it():
    word = letters.compiled(letters.FLAT_WORD)
    for each in ALL:
        kind = unicodedata.category(each)[0]
        begins = bool(word.fullmatch(each))
        assert begins == (kind in "LN" or each == "_"), hex(ord(each))
        if kind == "M":
            assert word.fullmatch(f"a{each}b"), hex(ord(each))


def test_without_marks_nothing_is_read_otherwise_than_by_python():
    plain = "".join(each for each in ALL if unicodedata.category(each)[0] not in "MC" and not 0xE00 <= ord(each) < 0x1800)
    mixed = " ".join(plain[start : start + 7] for start in range(0, len(plain), 7))
    cjk = letters.CJK
    flat = unicodedata.normalize("NFKC", mixed).casefold()
    unmarked = "".join(each for each in flat if unicodedata.category(each)[0] != "M")
    assert " ".join(re.findall(r"\w+", unmarked)) == normalised(unmarked)
    assert count_words(mixed) == len(re.findall(rf"[{cjk}]|[^\W{cjk}]+", mixed))


def test_a_character_counts_as_a_word_where_no_spaces_are_written():
    assert count_words("我们学习") == 4
    assert count_words("ฉันกินข้าว") == 7  # ฉ น ก น ข า ว: marks on them do not count
    assert count_words("I ❤️ it") == 2  # the sign behind the heart is a mark, and no word


def test_different_words_stay_different():
    words = ["का", "के", "की", "को", "कि"]
    assert len({normalised(word) for word in words}) == len(words)


def test_the_last_word_of_a_sentence_is_hidden_whole():
    found = sentences._LAST_WORD.search(f"{HINDI}।")
    assert found is not None
    assert found[0] == "है"


def test_an_accent_of_its_own_makes_no_english_word():
    assert not is_other("the cat and the dog that were there with them ")
    assert is_other("the\u0301 cat andré thaté " * 20)


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece", "word"])
def test_whole_words_are_hidden_with_their_marks(kind):
    texts = [f"{HINDI} और लड़की नदी में खेलती है, सड़क पर कुत्ता दौड़ता है।"] * 3
    documents = [Document(str(place), text) for place, text in enumerate(texts)]
    size = 600 if kind in ("bpe", "unigram") else 200
    tokenizer = kinds.train(TokenizerConfig(kind=kind, vocabulary_size=size), documents)
    _ids, starts_N = next(kinds.encode(tokenizer, documents))
    num_words = len(re.findall(r"[^\s,।]+|[,।]", texts[0]))
    assert int(starts_N.sum()) == num_words


def test_a_tokenizer_from_elsewhere_that_cuts_at_marks_does_not_part_words():
    import numpy as np
    from tokenizers import pre_tokenizers

    from ssl_core.tokenization.words import word_starts

    cut = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True).pre_tokenize_str(HINDI)
    assert len(cut) > len(HINDI.split()), "else this shows nothing"
    first_N = np.array([begin for _piece, (begin, _end) in cut])
    assert int(word_starts(HINDI, first_N, np.arange(len(cut))).sum()) == len(HINDI.split())
