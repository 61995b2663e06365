"""The masking lab in a real browser, by keyboard alone: step, draw again, hide a token, turn a knob, open what lies below."""

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from ssl_core.i18n import translate
from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, open_sections, settled
from tests.browser.keyboard import tab_to

TEXT = {
    "en": "Nora comes to the library with her yellow umbrella. She chooses a newspaper.",
    "zh": "小明在公园里看书。他很高兴。",
}
SECTIONS = ("lab-attention", "lab-statistics", "lab-words", "lab-formula", "lab-code", "lab-notice")


@pytest.fixture
def server(quiet_server):
    return quiet_server


def lab(visit, server, language="en", more=""):
    page = visit(f"{server.url}/masking_lab?lang={language}&text={quote(TEXT[language])}{more}")
    page.locator(".lab .cells").first.wait_for()
    return page


def clock(page):
    return page.locator(".lab .clock")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_by_keyboard_alone(language, server, visit):
    page = lab(visit, server, language)
    expect(clock(page)).to_have_text("6 / 6")
    tab_to(page, ".lab .first")
    page.keyboard.press("Enter")
    expect(clock(page)).to_have_text("1 / 6")
    expect(page.locator(".lab .answer.there")).to_have_count(0)
    page.keyboard.press("ArrowRight")  # where a button can be pressed no more, the keys go on
    page.keyboard.press("ArrowRight")
    expect(clock(page)).to_have_text("3 / 6")
    page.keyboard.press("ArrowLeft")
    expect(clock(page)).to_have_text("2 / 6")
    page.keyboard.press("End")
    expect(clock(page)).to_have_text("6 / 6")
    tab_to(page, ".lab .draw")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("seed=1"))
    expect(page.locator(".lab .seed")).to_contain_text("1")
    tab_to(page, ".lab button.chip")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.locator(".lab li.picked")).to_have_count(1)
    expect(page.get_by_label(translate("Model", language)).first).to_be_visible()  # one of the shelf is asked
    tab_to(page, "input[type=range]")
    page.keyboard.press("End")
    expect(page).to_have_url(re.compile(r"k\.mask_rate=1"))
    expect(page.locator(".lab .answer.there").nth(7)).to_be_visible()
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    expect(page.locator(".matrix .canvas .cell").first).to_be_visible()


def test_two_tasks_step_together(server, visit):
    page = lab(visit, server, more="&other=causal_lm")
    expect(page.locator(".lab .side")).to_have_count(2)
    page.locator(".lab .first").click()
    expect(page.locator(".lab .steps button[aria-current]").nth(1)).to_have_text("1")


def test_it_plays_to_the_end_and_stops(server, visit):
    page = lab(visit, server)
    page.locator(".lab .play").click()
    expect(clock(page)).to_have_text("1 / 6")
    expect(clock(page)).to_have_text("6 / 6", timeout=20_000)
    expect(page.locator(".lab .play")).to_have_attribute("aria-label", "Play")


def test_the_address_brings_the_same_example_back(server, visit):
    page = lab(visit, server, more="&seed=5&k.mask_rate=0.5")
    shown = page.locator(".lab .cells").inner_text()
    page.reload()
    settled(page)
    page.locator(".lab .cells").first.wait_for()
    expect(page.locator(".lab .cells")).to_have_text(re.compile(".+"))
    assert page.locator(".lab .cells").inner_text() == shown


def test_html_shows_as_text(server, visit):
    page = visit(f"{server.url}/masking_lab?lang=en&corpus=bbc-news&text={quote('<img src=x onerror=alert(1)> <b>bold</b>')}")
    page.locator(".lab .cells").first.wait_for()
    assert page.locator(".lab .cells img, .lab .cells b").count() == 0
    is_cut = "chips => chips.filter((chip) => chip.scrollWidth > chip.clientWidth).map((chip) => chip.textContent)"
    assert not page.locator(".lab .cells .on .chip").evaluate_all(is_cut), "a piece of a word shows whole"
    assert page.locator(".lab .cells .on .chip").count() > 3, "there are such pieces"
    expect(page.locator("textarea")).to_have_value(re.compile("<b>bold</b>"))


def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_with_all_sections_open(server, visit):
    page = lab(visit, server, "en", more="&other=next_sentence")
    open_sections(page, *(page.locator(f".st-key-{key} summary") for key in SECTIONS))
    expect(page.locator(".lab-statistics").first).to_be_visible()
    expect(page.locator(".matrix .canvas .cell").first).to_be_visible()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


def test_text_example_and_knobs_fit_on_one_screen(server, visit):
    page = lab(visit, server)
    for part in (".lab .legend", ".st-key-lab-knobs"):
        box = page.locator(part).first.bounding_box()
        assert box["y"] + box["height"] <= 800, part
