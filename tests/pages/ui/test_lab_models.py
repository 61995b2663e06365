"""Which models of the shelf the masking lab offers."""

from dataclasses import replace

import pytest

from pages._ui import lab_models, lab_text
from ssl_core import corpora, shelf
from ssl_core.shelf import recipes
from ssl_core.tokenization import kinds
from tests.tokenization import tricky_texts

TEXTS = {"en": ("bbc-news", "The government said that it would not."), "zh": ("peoples-daily", "改革开放以来，成就很大。")}


@pytest.fixture
def reading():
    def read(key, text):
        documents = tricky_texts.some(key, 40)
        return lab_text.reading(text, key, kinds.train(lab_text.config_of(corpora.card(key)), documents), ())

    return read


@pytest.fixture
def cards(monkeypatch):
    """A card for each recipe, as if all were there."""
    empty = shelf.Card(
        name="", title="", language="", limits=(), command="", spec={}, data={}, parameters=0, vocabulary=0, steps=0,
        tokens=0, seconds=0.0, processor_seconds=0.0, device="", val_nats=0.0, test_nats=0.0, bits_per_byte=0.0, lines={},
        curve={}, held_out={}, samples=(), weights="",
    )  # fmt: skip
    found = [
        replace(empty, name=each.name, title=each.title, language=each.language, spec=recipes.spec(each).to_json())
        for each in recipes.RECIPES
    ]
    monkeypatch.setattr(shelf, "cards", lambda: found)
    return found


@pytest.mark.parametrize("language", TEXTS)
def test_the_encoder_of_the_texts_language_is_offered_and_asked_by_letters(language, cards, reading):
    read = reading(*TEXTS[language])
    (model,) = lab_models.available(read)
    assert model.named == {"run": f"shelf:encoder-{language}"}
    assert "ready-made" in model.title
    asked = lab_models.question(model, read, 0)
    assert asked["text"].startswith(lab_models.BLANK)
    assert asked["model"] == model.named


def test_what_a_grammar_made_is_not_asked_of_a_reader_of_news(cards, reading):
    assert lab_models.available(reading("tinyworld-en", "Tom and his sister go to the library.")) == []


@pytest.mark.parametrize(
    ("corpus", "order"),
    [
        ("bbc-news", ["run", "shelf:encoder-en"]),
        ("king-james", ["shelf:encoder-en", "run"]),
        ("tinyworld-en", ["shelf:encoder-en", "run"]),
        ("a text that is gone", ["shelf:encoder-en", "run"]),
    ],
)
def test_who_knows_the_text_is_asked_first_and_of_two_the_run(corpus, order, cards, reading, store, monkeypatch):
    assert cards[0].spec["corpus"] == "bbc-news"
    run = lab_models.Model(key="run", title="run", named={"run": "run"}, same_tokens=False, corpus=corpus)
    monkeypatch.setattr(lab_models, "_of_runs", lambda reading: [run])
    assert [each.key for each in lab_models.available(reading(*TEXTS["en"]))] == order


def test_a_run_on_the_same_language_comes_before_one_on_a_small_world(reading, store, monkeypatch, tmp_path):
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    runs = [
        lab_models.Model(key=corpus, title="", named={}, same_tokens=False, corpus=corpus)
        for corpus in ("peoples-daily", "tinyworld-en", "king-james", "bbc-news")
    ]
    monkeypatch.setattr(lab_models, "_of_runs", lambda reading: runs)
    found = [each.key for each in lab_models.available(reading(*TEXTS["en"]))]
    assert found == ["bbc-news", "king-james", "peoples-daily", "tinyworld-en"]


def test_where_nothing_is_there_nothing_is_offered(reading, tmp_path, monkeypatch):
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    assert lab_models.available(reading(*TEXTS["en"])) == []
