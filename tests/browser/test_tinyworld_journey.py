"""A learner reads a story of TinyWorld in a real browser: guesses, looks at readers, walks on with the keyboard."""

import pytest
from playwright.sync_api import expect

from ssl_core.i18n import translate
from tests.browser.conftest import PHONE, assert_fits_a_phone, assert_readable_in_both_themes, open_sections


@pytest.fixture
def server(quiet_server):
    return quiet_server


@pytest.mark.parametrize("language", ["en", "zh"])
def test_guess_then_see_what_each_reader_expects(language, server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang={language}")
    hidden = page.locator(".word.here.asked")
    expect(hidden).to_have_text("▢")
    assert page.locator(".word.unread").count() > 3, "a reader has not seen what comes after"
    page.locator(".st-key-tinyworld-guesses [data-testid=stButtonGroup] button").first.click()
    expect(page.locator(".word.here")).not_to_have_text("▢")
    expect(page.locator(".word.unread")).to_have_count(0)
    expect(page.locator(".probes")).to_have_count(2)
    expect(page.get_by_text("✓").first).to_be_visible()


def test_the_keyboard_walks_along_the_story_and_the_url_follows(server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang=en&story=3&word=6")
    expect(page.locator(".word.here.asked")).to_have_text("▢")
    page.locator(".word.here").focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**word=7**")
    expect(page.locator(".word").nth(7)).to_have_class("word here asked")
    expect(page.locator(".word").nth(6)).not_to_have_text("▢")


def test_a_click_on_a_word_shows_what_it_depends_on(server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang=en&story=3&word=5")
    page.get_by_text("Just show me").click()
    expect(page.locator(".word.unread")).to_have_count(0)
    page.locator(".word").filter(has_text="Her").first.click()
    page.get_by_text("Just show me").click()
    expect(page.locator(".arcs path.own").first).to_be_attached()
    expect(page.locator(".word.linked").first).to_be_visible()
    expect(page.locator(".tie").first).to_contain_text("her →")
    assert_names_hide_no_word(page)


def assert_names_hide_no_word(page) -> None:
    """Wherever the story is scrolled to, the names of arcs stand below all that is seen of it."""
    sheet, named = (page.locator(each).bounding_box() for each in (".sheet", ".ties"))
    assert named["y"] >= sheet["y"] + sheet["height"] - 1
    page.locator(".sheet").evaluate("sheet => { sheet.scrollTop = sheet.scrollHeight }")
    last = page.locator(".line").last.bounding_box()
    assert last["y"] + last["height"] <= sheet["y"] + sheet["height"] + 1


@pytest.mark.parametrize("width", [660, 760, 900])
def test_in_a_narrow_window_a_tall_story_scrolls_above_the_names_of_its_arcs(width, server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang=en&story=3&word=5", size={"width": width, "height": 800})
    page.get_by_text("Just show me").click()
    page.locator(".word").filter(has_text="Her").first.click()
    page.get_by_text("Just show me").click()
    expect(page.locator(".tie").first).to_be_visible()
    here, sheet = (page.locator(each).bounding_box() for each in (".word.here", ".sheet"))
    assert sheet["y"] <= here["y"]
    assert here["y"] + here["height"] <= sheet["y"] + sheet["height"] + 1, "the word that is looked at is seen"
    assert_names_hide_no_word(page)


def test_on_a_phone_the_whole_story_is_shown(server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang=en", size=PHONE)
    expect(page.locator(".word.here")).to_have_text("▢")
    frame, story = (page.locator(each).bounding_box() for each in (".st-key-tinyworld-story", ".story"))
    assert story["y"] >= frame["y"]
    assert story["height"] == page.locator(".story").evaluate("story => story.scrollHeight")
    assert story["y"] + story["height"] <= frame["y"] + frame["height"] + 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_own_text_that_the_world_can_not_tell_says_what_could_stand_there(language, server, visit) -> None:
    page = visit(f"{server.url}/tinyworld?lang={language}&text=%3Cb%3Ex%3C/b%3E", size=PHONE)
    expect(page.locator(".pp-message")).to_contain_text("<")
    page.get_by_role("button", name=translate("Back to a story", language)).click()
    expect(page.locator(".word.here")).to_have_text("▢")


def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_once_all_is_open(server, visit) -> None:
    language = "zh"
    page = visit(f"{server.url}/tinyworld?lang={language}", reduced_motion="reduce")
    page.get_by_role("button", name=translate("Just show me", language)).click()
    expect(page.locator(".probes")).to_have_count(2)
    titles = ("How this story was made", "Twins that break a rule", "What to notice, and limits")
    open_sections(page, *(page.get_by_text(translate(title, language)) for title in titles))
    page.get_by_text(translate("impossible", language), exact=True).first.wait_for()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)
