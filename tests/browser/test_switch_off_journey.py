"""The page without heads in a real browser, by keyboard alone: a guess, a head off, what becomes of it, and on again."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, open_sections, settled
from tests.browser.held import Held
from tests.browser.keyboard import tab_to

ANSWER_MS = 120_000  # one thread of low priority answers
HEAD = "[class*='st-key-off-head-'] button"


def test_by_keyboard_a_head_goes_off_and_on_again_and_all_is_readable_and_fits_a_phone(engine_server, visit):
    page = visit(f"{engine_server.url}/switch_off?lang=en")
    expect(page.locator(HEAD)).to_have_count(36, timeout=ANSWER_MS)
    expect(page.locator(".off-words tr").first).to_be_visible(timeout=ANSWER_MS)
    told = page.locator(".st-key-asking-room-switch-off-words .off-told")
    expect(told).to_have_count(0)
    tab_to(page, ".st-key-switch-off-guess [data-testid=stButtonGroup] *")
    page.keyboard.press("Space")  # about as likely
    tab_to(page, HEAD)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("off=1.1"))
    expect(page.locator(".off-now")).to_have_text("Off: 1.1")
    expect(told).to_contain_text("Loss on held-out text", timeout=ANSWER_MS)
    expect(page.locator(".off-words i.after").first).to_be_attached()
    before, after = (float(share) for share in re.search(r"([\d.]+) % → ([\d.]+) %", told.inner_text()).groups())
    expect(told).to_contain_text("You guessed right." if abs(after - before) < 2 else "It goes otherwise:")
    losses = re.search(r"text: ([\d.]+) → ([\d.]+) nats", told.inner_text()).groups()
    assert losses[0] != losses[1], "without a head the loss is another one"

    sections = ("prune", "why", "lens", "notice", "limits")
    open_sections(page, *(page.locator(f".st-key-switch-off-{each} summary") for each in sections))
    waiting = ".pp-asking[data-status=waiting], .pp-asking[data-status=recorded]"
    expect(page.locator(waiting)).to_have_count(0, timeout=ANSWER_MS)
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)

    page.locator("h1").click()
    tab_to(page, "[class*='st-key-off-head-off-'] button")
    page.keyboard.press("Enter")
    expect(page.locator(".off-now")).to_contain_text("All heads are on.")
    expect(told).to_have_count(0)
    assert "off=" not in page.url


def test_presses_and_ticks_that_the_browser_sends_before_it_hears_of_a_new_address_undo_nothing(engine_server, visit):
    page = visit(f"{engine_server.url}/switch_off?lang=en", locale="en-GB")  # a window apart: its messages go another way
    held = Held(page)
    page.reload()
    expect(page.locator(HEAD)).to_have_count(36, timeout=ANSWER_MS)
    expect(page.locator(".off-words tr").first).to_be_visible(timeout=ANSWER_MS)
    settled(page)
    held.is_holding = True
    for head in (0, 1, 2):
        page.locator(HEAD).nth(head).click()
    page.wait_for_timeout(1500)  # parts of the page that wait for an answer tick meanwhile
    held.release()
    expect(page.locator(".off-now")).to_have_text("Off: 1.1, 1.2, 1.3")
    expect(page).to_have_url(re.compile(r"off=1\.1%2C1\.2%2C1\.3"))
    told = page.locator(".st-key-asking-room-switch-off-words .off-told")
    expect(told).to_contain_text("Loss on held-out text", timeout=ANSWER_MS)  # the last tick lets the whole page run
    expect(page.locator(".off-now")).to_have_text("Off: 1.1, 1.2, 1.3")
