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
