"""The attention page in a real browser, with MiniLM, which is always there: its numbers against those of a plain pass."""

import re

import pytest
import torch
from playwright.sync_api import expect

from ssl_core.analysis import from_elsewhere
from ssl_core.i18n import translate
from ssl_core.models import elsewhere
from tests.browser.conftest import PHONE, assert_fits_a_phone, assert_readable_in_both_themes, open_sections, sideways

KEY, TEXT = "elsewhere:minilm-l6", "tokenizers learn words"
ROUNDED = 5e-4 + 1 / 65_535  # three digits are shown, of weights that travel in two bytes


@pytest.fixture
def server(engine_server):
    return engine_server


def opened(server, visit, language="en", **more):
    page = visit(f"{server.url}/attention?lang={language}&model={KEY}&text={TEXT}", **more)
    page.locator(".attention[data-drawn]").wait_for(timeout=60_000)
    return page


def answered(page):
    """Wait until the page has run again after what was done last, and has drawn what came of it."""
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_timeout(300)


def number_shown(page):
    return float(re.search(r"\d\.\d{3}", page.locator(".attention .reading").inner_text())[0])


def weights(layer, head):
    subject = from_elsewhere.opened(elsewhere.named(KEY))
    subject.model.set_attn_implementation("eager")
    encoded = subject.tokenizer.encode(TEXT)
    with torch.no_grad():
        found = subject.model(torch.tensor([encoded.ids]), output_attentions=True).attentions[layer][0, head]
    return found, encoded.word_ids


def test_by_keyboard_one_chooses_a_head_and_reads_its_squares(server, visit):
    page = opened(server, visit)
    maps, matrix = page.locator(".attention .map"), page.locator(".attention .matrix")
    expect(maps).to_have_count(72)
    maps.first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    expect(page.locator(".map[aria-pressed=true]")).to_have_attribute("title", "Layer 3, head 2")
    expect(page).to_have_url(re.compile("layer=3&head=2|head=2&layer=3"))
    weights_TT, words = weights(2, 1)
    matrix.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    assert number_shown(page) == pytest.approx(float(weights_TT[1, 1]), abs=ROUNDED)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("cell=1-1"))
    page.reload()
    page.locator(".attention[data-drawn]").wait_for(timeout=60_000)
    assert number_shown(page) == pytest.approx(float(weights_TT[1, 1]), abs=ROUNDED), "the square that was kept"
    # pieces become words: to a word their shares add up, from a word they are averaged; without marks rows add up to 1 again
    for tool in ("words", "marks"):
        page.locator(f"[data-tool={tool}]").click()
    first = [place for place, word in enumerate(words) if word == 0]
    inside = [place for place, word in enumerate(words) if word is not None]
    assert len(first) > 1, "a word of several pieces"
    from_first_T = weights_TT[first].mean(dim=0)
    expected = float(from_first_T[first].sum() / from_first_T[inside].sum())
    expect(page.locator(".attention text.on").first).to_be_visible()
    assert number_shown(page) == pytest.approx(expected, abs=ROUNDED)


def test_the_keyboard_stays_where_it_is_when_the_page_answers_or_changes_its_width(server, visit):
    page = opened(server, visit)
    chosen, matrix = page.locator(".map[aria-pressed=true]"), page.locator(".attention .matrix")
    chosen.focus()
    page.keyboard.press("ArrowDown")
    expect(page).to_have_url(re.compile("layer=2"))
    answered(page)
    expect(chosen).to_be_focused()
    matrix.focus()
    for key in ("ArrowRight", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    read = page.locator(".attention .reading").inner_text()
    page.set_viewport_size({"width": 1000, "height": 800})
    page.wait_for_timeout(300)
    expect(page.locator(".attention .reading")).to_have_text(read)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("cell=1-1"))
    answered(page)
    expect(matrix).to_be_focused()
    page.locator("[data-tool=form-lines]").click()
    word = page.locator(".attention .lines .name").nth(3)
    word.focus()
    page.set_viewport_size({"width": 1280, "height": 800})
    answered(page)
    expect(word).to_be_focused()
    expect(page.locator(".attention .lines .off").first).to_be_attached()


def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_with_sections_open(server, visit):
    language = "zh"
    page = opened(server, visit, language, reduced_motion="reduce")
    titles = ("The arithmetic of one square", "What to notice", "Limits and sources")
    open_sections(page, *(page.get_by_text(translate(title, language), exact=True) for title in titles))
    page.locator(".attention-products").wait_for()
    page.locator("[data-tool=form-lines]").click()
    page.locator(".attention .lines path").first.wait_for(state="attached")
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


def test_a_phone_scrolls_only_downwards_and_a_view_is_saved(server, visit):
    page = opened(server, visit, size=PHONE)
    assert sideways(page) <= 0
    for what, ending in (("head-svg", "svg"), ("maps-png", "png")):
        with page.expect_download() as download:
            page.locator(f"[data-tool=save-{what}]").click()
        assert download.value.suggested_filename.endswith(ending)
        assert download.value.path().stat().st_size > 2000
