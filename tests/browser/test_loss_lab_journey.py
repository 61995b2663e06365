"""The loss lab in a real browser: by keyboard alone, by mouse, and numpy's numbers against those of the drag."""

import itertools
import json
import re

import pytest
from playwright.sync_api import expect

from ssl_core.i18n import translate
from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, open_sections
from tests.browser.keyboard import tab_to

KINDS = {"softmax": "softmax", "next": "binary", "replaced": "binary", "contrast": "contrast", "joint": "joint"}
SAME = 1e-6  # two ways to work out the same number in float64


@pytest.fixture
def server(quiet_server):
    return quiet_server


def checked(page, *, other_than=None):
    """Wait until numpy's numbers are there, hold them against the browser's own, and return them."""
    lab = page.locator(".lab")
    if other_than is not None:
        expect(lab).not_to_have_attribute("data-numpy", json.dumps(other_than, separators=(",", ":")))
    expect(lab).to_have_attribute("data-from", "numpy")
    own, numpys = (json.loads(text) for text in lab.evaluate("lab => [lab.dataset.browser, lab.dataset.numpy]"))  # at once
    assert own.keys() == numpys.keys()
    for name, value in numpys.items():
        assert own[name] == pytest.approx(value, abs=SAME), name
    shown = page.locator(".lab .headline .value").inner_text().replace("−", "-")
    assert float(shown) == pytest.approx(numpys["loss"], rel=5.1e-3, abs=5e-5), "three digits of numpy's number are shown"
    return numpys


def press_until_checked(page, key, times, before):
    """Press a key some times; numpy's numbers follow, and the loss is another one."""
    for _press in range(times):
        page.keyboard.press(key)
    return checked(page, other_than=before)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_by_keyboard_alone_one_guesses_drags_and_goes_on(language, server, visit):
    page = visit(f"{server.url}/loss_lab?lang={language}", reduced_motion="reduce")
    before = checked(page)
    tab_to(page, ".st-key-loss-lab-answers [data-testid=stButtonGroup] *")
    page.keyboard.press("Space")
    expect(page.locator(".st-key-loss-lab-guess p[role=status]")).to_be_visible()
    after = checked(page, other_than=before)
    assert after["loss"] < before["loss"], "the true word's score was doubled"
    tab_to(page, ".st-key-loss-lab-answers button")
    page.keyboard.press("Enter")
    expect(page.locator(".st-key-loss-lab-guess p[role=status]")).to_have_count(0)
    tab_to(page, ".lab .grip")
    lower = press_until_checked(page, "ArrowUp", 5, after)
    assert lower["loss"] < after["loss"]
    expect(page).to_have_url(re.compile("logits=3.5"))
    tab_to(page, ".lab .words button")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert checked(page, other_than=lower)["loss"] > lower["loss"], "another word is true now"
    tab_to(page, ".lab .moves button[data-move=equal]")
    page.keyboard.press("Enter")
    expect(page.locator(".lab .headline .value")).to_have_text("1.61")  # ln 5
    checked(page)


@pytest.mark.parametrize("part", KINDS)
def test_every_instrument_is_moved_by_arrow_keys_and_numpy_agrees(part, server, visit):
    page = visit(f"{server.url}/loss_lab?lang=en&part={part}", reduced_motion="reduce")
    before = checked(page)
    tab_to(page, ".lab .grip")
    after = press_until_checked(page, "ArrowRight", 4, before)
    assert after["loss"] != before["loss"]
    for button in page.locator(".lab .moves button").all():
        button.focus()
        page.keyboard.press("Enter")
        page.wait_for_timeout(300)
        checked(page)


def test_a_collapse_by_keyboard_costs_ln_b_and_leaves_no_arrow(server, visit):
    page = visit(f"{server.url}/loss_lab?lang=zh&part=contrast", reduced_motion="reduce")
    checked(page)
    tab_to(page, ".lab .moves button[data-move=collapse]")
    page.keyboard.press("Enter")
    expect(page.locator(".lab .headline .value")).to_have_text("1.39")  # ln 4
    numbers = checked(page)
    assert numbers["uniformity"] == pytest.approx(0, abs=SAME)
    assert [each.get_attribute("d") for each in page.locator(".lab path.pull").all()] == [""] * 8


def test_a_drag_answers_before_it_is_let_go_and_a_reload_keeps_it(server, visit):
    page = visit(f"{server.url}/loss_lab?lang=en", reduced_motion="reduce")
    before = checked(page)["loss"]
    grip = page.locator(".lab .grip[data-grip='0'] .dot").bounding_box()
    middle = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] - 40, steps=4)
    expect(page.locator(".lab")).to_have_attribute("data-from", "browser")
    page.mouse.up()
    after = checked(page)
    assert after["loss"] < before
    expect(page).to_have_url(re.compile("logits="))
    page.reload()
    assert checked(page) == after


def test_the_menu_of_instruments_is_walked_by_keyboard(server, visit):
    page = visit(f"{server.url}/loss_lab?lang=en", reduced_motion="reduce")
    checked(page)
    tab_to(page, "[class*=loss_lab-part] [data-testid=stButtonGroup] *")
    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "Space"):
        page.keyboard.press(key)
    expect(page.locator(".lab")).to_have_attribute("data-kind", "contrast")
    checked(page)
    expect(page).to_have_url(re.compile("part=contrast"))


@pytest.mark.parametrize(("part", "language"), zip(KINDS, itertools.cycle(["en", "zh"]), strict=False))  # built alike in both
def test_it_fits_a_screen_and_axe_and_a_phone_find_nothing_with_all_sections_open(part, language, server, visit):
    page = visit(f"{server.url}/loss_lab?lang={language}&part={part}", reduced_motion="reduce")
    checked(page)
    moves = page.locator(".lab .moves").bounding_box()
    assert moves["y"] + moves["height"] <= 800, "instrument and moves are seen at once"
    titles = ("The formula, with these numbers", "Show the numbers", "What to notice", "Limits and sources")
    open_sections(page, *(page.get_by_text(translate(title, language), exact=True) for title in titles))
    expect(page.locator(".st-key-loss-lab-worked .katex").first).to_be_visible()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)
