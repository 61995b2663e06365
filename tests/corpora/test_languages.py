"""What a text's language is called."""

import pytest

from ssl_core import corpora
from ssl_core.corpora import languages, uploads
from ssl_core.corpora.base import language_of
from ssl_core.i18n import in_language
from tests.corpora.test_encodings import FRENCH, GERMAN, ICELANDIC, JAPANESE, KOREAN, RUSSIAN, TAIWANESE

DUTCH = "De leerlingen zaten in de klas en luisterden naar de lerares, die over de sterren en de maan vertelde.\n"
SPANISH = "El perro y el gato viven en la misma casa, pero no son amigos; por la noche cada uno duerme en su rincón.\n"
POLISH = "To jest moja książka, a to jest mój zeszyt. Czy to prawda, że to było tak dawno temu?\n"


@pytest.mark.parametrize("text", [FRENCH, GERMAN, ICELANDIC, DUTCH, SPANISH, POLISH, RUSSIAN, KOREAN, JAPANESE])
def test_what_is_neither_english_nor_chinese_is_not_called_so(text):
    assert languages.is_other(text)
    assert languages.name_of(language_of(text), languages.is_other(text)) == "neither English nor Chinese"
    with in_language("zh"):
        assert "英文" in languages.name_of("en", True)


@pytest.mark.parametrize("key", [stem.replace("_", "-") for stem in corpora.MENU])
def test_the_texts_of_the_house_are_called_what_they_are(key):
    card = corpora.card(key)
    documents = corpora.load(key).documents()
    told = "\n".join(document.text for document in documents[:200])
    assert not languages.is_other(told)
    assert languages.name_of(card.language, card.is_other_language) == {"en": "English", "zh": "中文"}[card.language]


def test_chinese_of_taiwan_is_chinese():
    assert (language_of(TAIWANESE), languages.is_other(TAIWANESE)) == ("zh", False)


def test_an_upload_is_called_what_it_is_before_and_after_it_is_kept():
    data = "\n".join(f"{FRENCH.strip()} ({number})" for number in range(300)).encode("latin-1")
    look = uploads.preview("livre.txt", data)
    assert (look.language, look.is_other_language, look.encoding) == ("en", True, "Latin-1"), "cut into tokens like English"
    card = corpora.card(uploads.keep("livre.txt", data))
    assert (card.language, card.is_other_language) == ("en", True)
