"""The first page: the way from text to a useful model, each part a link to its explanation."""

import pytest

from pages._ui import page, pipeline
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
