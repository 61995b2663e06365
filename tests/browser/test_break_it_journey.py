"""A learner breaks a run in a real browser: guesses, runs both, sees both curves, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from ssl_core import mistakes
from ssl_core.i18n import translate
from tests.browser.conftest import (
    PHONE,
    assert_fits_a_phone,
    assert_readable_in_both_themes,
    serious_violations,
    sideways,
    still,
    store_of,
)
from tests.browser.keyboard import tab_to

MISTAKE = "targets_not_shifted"


def test_a_run_is_broken_by_keyboard_alone(engine_server, visit) -> None:
    language = "en"
    page = visit(f"{engine_server.url}/break_it?lang={language}&mistake={MISTAKE}")
    expect(page.locator(".break-code .wrong").first).to_be_visible()
    tab_to(page, ".st-key-break-choice-nothing button")
    expect(page.locator("button:focus")).to_contain_text(translate("It falls to almost nothing", language))
    page.keyboard.press("Enter")
    expect(page.locator(".break-verdict")).to_contain_text(translate("You guessed right.", language))
    page.locator("h1").click()
    tab_to(page, ".st-key-break-transport button")
    expect(page.locator("button:focus")).to_contain_text(translate("Run both, {time}", language).format(time="20 s"))
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("broken="))
    ids = [re.search(f"{name}=([0-9a-f]+)", page.url)[1] for name in ("right", "broken")]
    store = store_of(engine_server.home)
    assert [store.record(each).spec["mistake"] for each in ids] == ["", MISTAKE]
    stands = page.locator("[class*='st-key-break-run-'] .pp-note")
    expect(stands).to_have_count(2, timeout=60_000)
    for place in range(2):
        expect(stands.nth(place)).to_contain_text(translate("nats", language), timeout=200_000)
    page.wait_for_function("() => document.querySelectorAll('.break-told dt').length === 2", timeout=60_000)
    expect(page.locator(".break-numbers dd")).to_have_count(3)
    seen = store.record(ids[1]).events_of("measured")[-1].payload[mistakes.AS_SEEN]
    assert seen < 0.1, "each token says itself"
    assert store.record(ids[1]).metrics["val_loss_nats"][-1] > store.record(ids[0]).metrics["val_loss_nats"][-1]
    link = page.locator("[class*='st-key-break-run-'] a").nth(1)
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".pp-note").filter(has_text="✗")).to_be_visible(timeout=30_000)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_recording_stays_covered_until_the_guess(language, quiet_server, visit) -> None:
    page = visit(f"{quiet_server.url}/break_it?lang={language}", size=PHONE)
    expect(page.locator(".break-numbers dd")).to_have_count(1)
    page.locator(".st-key-break-choice-flat button").click()
    expect(page.locator(".break-numbers dd")).to_have_count(3)
    assert sideways(page) == 0


def test_axe_finds_nothing_serious_before_and_after_the_guess_and_a_phone_scrolls_only_downwards(quiet_server, visit) -> None:
    language = "zh"
    page = visit(f"{quiet_server.url}/break_it?lang={language}", reduced_motion="reduce")
    page.locator("svg.canvas .curve").first.wait_for()
    still(page)
    assert not serious_violations(page)
    page.get_by_role("button", name=translate("Just show me", language)).click()
    expect(page.locator(".break-numbers dd")).to_have_count(3)
    page.get_by_text(translate("Where it was seen", language)).click()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)
