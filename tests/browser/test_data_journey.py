"""The data page in a real browser: from two recorded texts to one's own, and on to a run."""

import re

import pytest
from playwright.sync_api import Page, expect

from ssl_core.i18n import translate
from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, still

FIRST = {"en": "bbc-news", "zh": "peoples-daily"}
WANTED = {"en": "prime minister", "zh": "改革开放"}
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def server(quiet_server):
    return quiet_server


def opened(visit, server, language: str, **options) -> Page:
    page = visit(f"{server.url}/data?lang={language}", **options)
    page.locator(".ranks svg circle").first.wait_for()
    return page


def open_section(page: Page, name: str) -> None:
    page.locator(f".st-key-{name} summary").click()


def test_a_learner_looks_searches_brings_a_text_and_uses_it(server, visit, small_text, tmp_path) -> None:
    language = "zh"
    page = opened(visit, server, language)
    open_section(page, f"data-{FIRST[language]}-search")
    box = page.get_by_label(translate("Words to find", language))
    box.fill(WANTED[language])
    box.press("Enter")
    expect(page.locator(".data-hits mark").first).to_have_text(re.compile(WANTED[language], re.IGNORECASE))

    own = tmp_path / f"{HOSTILE}.txt".replace("/", "")
    own.write_text(small_text.read_text() + f"\n\n{language} {HOSTILE} and the cat looks at it. " * 9, encoding="utf-8")
    open_section(page, "data-own")
    page.locator(".st-key-data-own input[type=file]").set_input_files(own)
    keep = page.get_by_role("button", name=translate("Keep it and look at it", language))
    keep.wait_for()
    still(page)  # the page is as high as its preview by now: the button stays where it is pressed
    keep.click()
    expect(page.locator(".data-apart h3").first).to_contain_text(HOSTILE, timeout=60_000)
    assert "corpus=upload-" in page.url
    page.reload()
    expect(page.locator(".data-apart h3").first).to_contain_text(HOSTILE, timeout=60_000)

    page.locator(".st-key-data-use button").click()
    expect(page.locator("h1")).to_have_text(translate("Live run", language))
    page.locator(".st-key-live-settings summary").click()
    chosen = page.get_by_role("combobox", name=translate("Text", language), exact=True)
    expect(chosen).to_have_value(re.compile(re.escape(HOSTILE)))


def test_another_text_is_chosen_and_stays_in_the_address(server, visit) -> None:
    page = opened(visit, server, "en")
    page.get_by_role("combobox", name="Compared with").click()
    page.get_by_role("option", name=re.compile("Python")).click()
    page.wait_for_url(re.compile("against=python-docs"))
    expect(page.locator(".data-apart h3").nth(1)).to_contain_text("Python", timeout=120_000)  # counted in a process of its own
    page.reload()
    expect(page.locator(".data-apart h3").nth(1)).to_contain_text("Python")


def test_the_chart_is_read_with_the_keyboard(server, visit) -> None:
    page = opened(visit, server, "en")
    chart = page.locator(".ranks svg")
    chart.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".ranks .values")).to_contain_text("rank 1: 48,492 times")
    page.keyboard.press("End")
    expect(page.locator(".ranks .spoken")).to_contain_text("1 times")
    page.keyboard.press("Escape")
    expect(page.locator(".ranks .values")).to_be_hidden()
    assert "makes up 6.2% of the text" in chart.get_attribute("aria-label")


def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_with_all_sections_open(server, visit) -> None:
    language = "en"
    page = opened(visit, server, language, reduced_motion="reduce")
    for name in ("search", "lengths", "repeats", "source", "numbers"):
        open_section(page, f"data-{FIRST[language]}-{name}")
    open_section(page, "data-own")
    open_section(page, "data-notice")
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)
