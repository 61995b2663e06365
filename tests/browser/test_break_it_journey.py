"""A learner breaks a run in a real browser: guesses, runs both, sees both curves, by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from pages._ui import break_enough, recordings
from ssl_core import mistakes
from ssl_core.i18n import translate
from ssl_core.runs import pairs
from ssl_core.training import estimates
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

MISTAKE, TASK, TEXT = "targets_not_shifted", "causal_lm", "tinyworld-en"
LIMIT_MS = 600_000  # far beyond what a busy machine takes for as many steps


def test_two_runs_are_started_by_keyboard_alone_for_as_long_as_the_button_says(engine_server, visit) -> None:
    language = "en"
    page = visit(f"{engine_server.url}/break_it?lang={language}&mistake={MISTAKE}")
    expect(page.locator(".break-code .wrong").first).to_be_visible()
    tab_to(page, ".st-key-break-choice-nothing button")
    expect(page.locator("button:focus")).to_contain_text(translate("It falls to almost nothing", language))
    page.keyboard.press("Enter")
    expect(page.locator(".break-verdict")).to_contain_text(translate("You guessed right.", language))
    page.locator("h1").click()
    tab_to(page, ".st-key-break-transport button")
    said = page.locator("button:focus").inner_text()  # how long, hangs on what was measured of this machine
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("broken="))
    ids = [re.search(f"{name}=([0-9a-f]+)", page.url)[1] for name in ("right", "broken")]
    store = store_of(engine_server.home)
    specs = [store.record(each).spec for each in ids]
    assert [each["mistake"] for each in specs] == ["", MISTAKE]
    for each in specs:
        time = break_enough.duration(each["training"]["budget"])
        assert translate("Run both, {time}", language).format(time=time) in said
    for each in ids:  # what becomes of such runs the next test says, with as many steps as that takes
        store.control(each, "stop")
    expect(page.locator("[class*='st-key-break-run-'] .pp-note")).to_have_count(2, timeout=60_000)
    expect(page.locator(".st-key-break-longer button, .st-key-break-start button")).to_be_visible(timeout=LIMIT_MS)


def test_two_runs_show_what_the_mistake_does(engine_server, visit) -> None:
    language = "en"
    store = store_of(engine_server.home)
    recorded = tuple(
        recordings.of_pair(pairs.recorded_name(each)) for each in pairs.pair(MISTAKE, TASK, TEXT, steps=pairs.RECORDED_STEPS)
    )
    steps = estimates.enough(break_enough.steps_needed(recorded))
    ids = [store.submit(each) for each in pairs.pair(MISTAKE, TASK, TEXT, steps=steps)]
    address = f"break_it?lang={language}&mistake={MISTAKE}&guess=nothing&right={ids[0]}&broken={ids[1]}"
    page = visit(f"{engine_server.url}/{address}")
    stands = page.locator("[class*='st-key-break-run-'] .pp-note")
    for place in range(2):
        expect(stands.nth(place)).to_contain_text(translate("nats", language), timeout=LIMIT_MS)
    page.wait_for_function("() => document.querySelectorAll('.break-told dt').length === 2", timeout=LIMIT_MS)
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
