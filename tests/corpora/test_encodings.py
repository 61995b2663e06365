"""Files from any editor are read as they were written."""

import os
import random

import pytest

from ssl_core.corpora.encodings import decode
from ssl_core.errors import UserError

ENGLISH = "It was the best of times, it was the worst of times.\nWe had everything before us.\n"
FRENCH = "Élève, où étais-tu ? « À l'école, bien sûr », répondit-il ; ça coûtait £3 à Noël.\n"
GERMAN = "Über Größe und Maß läßt sich streiten; Äpfel und Öfen können grün sein.\n"
CHINESE = "我们今天学习语言模型。它要猜出被遮住的词，这是一个好方法！\n第二行：一九九八年。"
ONE_LINE_CHINESE = "我们今天学习语言模型，它要猜出被遮住的词，这是一个好方法。"
TAIWANESE = "人人生而自由，在尊嚴和權利上一律平等。這個老師說：我們今天要學習的是語言模型，它會猜出後面的詞。"
JAPANESE = "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"
KOREAN = "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다."
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах."
GREEK = "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα."
ICELANDIC = "Hver maður er borinn frjáls og jafn öðrum að virðingu og réttindum; þeir eru gæddir vitsmunum og samvisku."
MIXED = "BERT 是一个语言模型，由 Google 在 2018 年提出。\nGPT-2 是另一个。\n"


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, GERMAN, CHINESE, ONE_LINE_CHINESE, MIXED])
@pytest.mark.parametrize(
    ("codec", "name"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"), ("utf-16-be", "UTF-16"),
     ("utf-32", "UTF-32")],
)  # fmt: skip
def test_unicode_encodings_round_trip(text, codec, name):
    assert decode(text.encode(codec)) == (text, name)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf_16_with_a_mark_round_trips(codec):
    assert decode(("\ufeff" + CHINESE).encode(codec)) == (CHINESE, "UTF-16")


@pytest.mark.parametrize("text", [CHINESE, ONE_LINE_CHINESE, MIXED])
@pytest.mark.parametrize("codec", ["gb18030", "gbk"])
def test_chinese_of_old_editors_round_trips(text, codec):
    assert decode(text.encode(codec)) == (text, "GB18030")


@pytest.mark.parametrize("text", [TAIWANESE, TAIWANESE + "BERT 是語言模型。"])
@pytest.mark.parametrize("codec", ["cp950", "big5hkscs"])
def test_chinese_of_taiwan_and_hong_kong_round_trips(text, codec):
    assert decode(text.encode(codec)) == (text, "Big5")


@pytest.mark.parametrize("codec", ["gb18030", "cp950"])
def test_chinese_that_begins_late_or_is_cut_off_is_chinese_all_the_same(codec):
    text = "A long English preface.\n" * 20_000 + TAIWANESE
    assert decode(text.encode(codec))[0] == text
    assert decode(TAIWANESE.encode(codec)[:-1])[0].startswith(TAIWANESE[:-1])


def test_one_stray_byte_spoils_one_character_of_chinese_only():
    text = CHINESE * 30
    found, name = decode(text.encode("gb18030") + b"\xff" + text.encode("gb18030"))
    assert name == "GB18030"
    assert found.count("\ufffd") == 1


@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [(JAPANESE, "shift_jis", "Shift-JIS"), (JAPANESE, "euc_jp", "EUC-JP"), (KOREAN, "euc_kr", "EUC-KR"),
     (RUSSIAN, "cp1251", "Windows-1251"), (RUSSIAN, "koi8_r", "KOI8-R"), (GREEK, "iso8859_7", "can't be told")],
)  # fmt: skip
def test_other_old_encodings_are_refused_by_name(text, codec, name):
    with pytest.raises(UserError, match=name) as refusal:
        decode(text.encode(codec))
    assert "Save it as UTF-8" in refusal.value.message("en")
    assert decode(text.encode("utf-8")) == (text, "UTF-8")


@pytest.mark.parametrize("text", [ICELANDIC, FRENCH, GERMAN])
def test_texts_with_many_accents_are_no_other_encoding(text):
    assert decode(text.encode("latin-1")) == (text, "Latin-1")


def test_rare_characters_of_gb18030_round_trip():
    text = CHINESE + "𠮷㐀€"
    assert decode(text.encode("gb18030")) == (text, "GB18030")


@pytest.mark.parametrize("text", [FRENCH, GERMAN])
def test_latin_1_round_trips(text):
    assert decode(text.encode("latin-1")) == (text, "Latin-1")


def test_curly_quotes_of_windows_are_quotes():
    text = "“Don’t” – he said…"
    assert decode(text.encode("cp1252") + b" caf\xe9") == (text + " café", "Latin-1")


def test_one_stray_byte_in_utf_8_spoils_one_character_only():
    text, name = decode(("£5 for café. " * 100).encode() + b"\xa3")
    assert (name, text.count("\ufffd"), text.count("£")) == ("UTF-8", 1, 100)


@pytest.mark.parametrize(
    "data",
    [b"%PDF-1.7\n%stuff", b"PK\x03\x04" + b"text" * 100, b"\x89PNG\r\n\x1a\n" + b"0" * 100, b"text\x00with\x00\x01zero" * 20,
     bytes(range(256)) * 8, b"\xff\xfe" + b"\x00\xd8" * 50, b"\x01\x02\x03\x04 almost text" * 10, b"\0" * 4000],
)  # fmt: skip
def test_binary_files_are_refused(data):
    with pytest.raises(UserError, match="no text"):
        decode(data)


def test_random_bytes_are_refused():
    for seed in range(20):
        with pytest.raises(UserError):
            decode(random.Random(seed).randbytes(5000))
    with pytest.raises(UserError):
        decode(os.urandom(100_000))
