"""The tokenizers page in a real browser: guess, look, change, play the film, go to a run; readable for everyone."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, open_sections, settled

MOST_PRESSES = 5
LEARNING_MS = 240_000  # byte pairs of a Chinese text take 12 s of one core: on a machine with other work five times that


@pytest.fixture
def server(quiet_server):
    return quiet_server


def learned(page, count=2):
    """Wait until so many tokenizers show their pieces."""
    expect(page.locator("ol.token-chips")).to_have_count(count, timeout=LEARNING_MS)


def test_from_a_guess_to_a_run(server, visit):
    page = visit(f"{server.url}/tokenizers?lang=en")
    expect(page.locator("ol.token-chips")).to_have_count(0)
    guess = page.locator(".token-bars .guess")
    for _press in range(MOST_PRESSES):  # Streamlit sends a move some time later, and drops it if the page has changed meanwhile
        page.locator('input[type="range"]').last.focus()  # the first is the vocabulary's size
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(2000)
        if guess.count():
            break
    expect(guess).to_be_visible()
    learned(page)
    first = page.locator("ol.token-chips").first
    before = first.inner_text()
    page.locator(".st-key-tokenizers-trick").get_by_text("emoji", exact=True).click()
    page.get_by_role("button", name="Just show me").click()
    expect(first).not_to_have_text(before, timeout=LEARNING_MS)
    expect(page).to_have_url(re.compile("text="))
    learned(page)
    page.locator('[class*="st-key-tokenizers-use-b"] button').click()
    expect(page).to_have_url(re.compile("/live"), timeout=30_000)
    settled(page)


def test_the_film_plays_pauses_and_steps(server, visit):
    page = visit(f"{server.url}/tokenizers?lang=en&guess=off&a=bpe&b=wordpiece")
    learned(page)
    page.locator(".st-key-tokenizers-film summary").click()
    film = page.locator(".token-film")
    expect(film).to_be_visible(timeout=30_000)
    clock = page.locator(".transport .clock")
    at_first = clock.inner_text()
    expect(clock).not_to_have_text(at_first)  # it plays by itself
    pause = page.locator(".transport .play")
    if pause.get_attribute("aria-label") == "Pause":
        pause.click()
    now = clock.inner_text()
    page.locator(".transport .step").click()
    expect(clock).not_to_have_text(now)
    expect(film.locator(".head .new")).to_be_visible()


def test_the_sizes_are_drawn(server, visit):
    page = visit(f"{server.url}/tokenizers?lang=en&guess=off")
    page.locator(".st-key-tokenizers-sizes summary").click()
    expect(page.locator(".sizes .name")).to_have_count(10, timeout=30_000)


def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_with_sections_open(server, visit):
    columns = "a=wordpiece&b=unigram&c=word&size=512"  # those of Chinese that are learned quickly
    page = visit(f"{server.url}/tokenizers?lang=zh&guess=off&{columns}&text=the 饕餮 👍 unbelievable")
    learned(page, 3)
    open_sections(page, *(page.locator(f".st-key-tokenizers-{key} summary") for key in ("film", "sizes")))
    expect(page.locator(".sizes .name").first).to_be_visible(timeout=30_000)
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


def test_text_guess_and_pieces_fit_on_one_screen(server, visit):
    page = visit(f"{server.url}/tokenizers?lang=en&guess=off")
    learned(page)
    bottom = page.locator("ol.token-chips").first.bounding_box()
    assert bottom["y"] + bottom["height"] <= 800
