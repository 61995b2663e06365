"""The first page: the way from text to a useful model, each part a link to its explanation."""

from html import unescape
from urllib.parse import quote

import pytest

from pages._ui import page, pipeline
from ssl_core import shelf
from ssl_core.i18n import in_language
from tests.pages.opening import open_page, texts


@pytest.mark.parametrize("part", pipeline.PARTS, ids=lambda part: part.stem)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_part_opens_its_explanation(part, language) -> None:
    app = open_page("welcome", language, part=part.stem)
    with in_language(language):
        assert page.prose(f"welcome-{part.stem}").strip() in [each.value.strip() for each in app.markdown]


def test_each_part_is_a_link() -> None:
    links = {link.proto.query_string for link in open_page("welcome").page_link}
    assert {f"lang=en&part={part.stem}" for part in pipeline.PARTS} <= links


def test_a_part_that_is_not_there_opens_nothing() -> None:
    app = open_page("welcome", part="<script>alert(1)</script>")
    assert not app.exception
    assert "alert(1)" not in texts(app)


def test_the_main_button_leads_to_a_new_run() -> None:
    app = open_page("welcome", run="0123456789ab")
    start = next(link for link in app.page_link if link.label == "Watch a model learn now")
    assert start.proto.page == "live"
    assert "run=" not in start.proto.query_string


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_models_that_come_along_answer_in_the_language_of_the_page(language) -> None:
    app = open_page("welcome", language)
    said = texts(app)
    cards = [each for each in shelf.cards() if each.language == language]
    samples = [sample for card in cards for sample in card.samples]
    assert {sample["kind"] for sample in samples} == {"fill", "continue"}, "one that fills blanks and one that reads on"
    for sample in samples:
        if sample["kind"] == "fill":
            assert sample["text"].split("___")[0] in unescape(said)
            assert sample["blanks"][0]["top"][0]["token"] in said
        else:
            assert unescape(sample["text"].removeprefix(sample["prompt"])) in unescape(said)
    leads_to = {(link.proto.page, link.proto.query_string) for link in app.page_link}
    for card in cards:
        assert ("attention", f"lang={language}&model={quote(shelf.key(card.name))}") in leads_to
