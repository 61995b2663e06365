"""The live page's states in a real browser: readable for everyone, still where motion is not wanted, safe with odd texts."""

import re

import pytest
from playwright.sync_api import expect

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, store_of
from tests.browser.live_steps import words
from tests.pages.opening import HOSTILE, add_run

STATUSES = ("queued", "running", "paused", "done", "failed")
RUNS: dict[str, str] = {}


@pytest.fixture(scope="module")
def server(quiet_server):
    """The server that is there, with runs in all states, and one with probes."""
    store = store_of(quiet_server.home)
    for seed, status in enumerate(STATUSES):
        RUNS[status] = add_run(store, status, seed=seed, name=HOSTILE)
    RUNS["probed"] = add_run(store, "running", seed=9)
    for step, shares in ((10, (0.6, 0.2)), (20, (0.1, 0.7))):
        look(store, RUNS["probed"], step, dict(zip(("<i>vote</i>", "law"), shares, strict=True)))
    failure = UserError(N_("This sentence is empty. Type a few words.")).to_json()
    refused = {"probe_id": "r", "text": HOSTILE, "failure": failure}
    store.add_event(RUNS["probed"], "probe_refused", step=20, elapsed_s=30.0, payload=refused)
    return quiet_server


def look(store, run_id, step, shares):
    top = [{"token": word, "probability": share} for word, share in sorted(shares.items(), key=lambda each: -each[1])]
    payload = {"probe_id": "0", "kind": "fill", "text": f"{HOSTILE} ___", "tokens": [], "blanks": [{"position": 0, "top": top}]}
    store.add_event(run_id, "probe", step=step, elapsed_s=1.5 * step, payload=payload)


@pytest.mark.parametrize(("status", "language"), zip(STATUSES, ("en", "zh", "en", "zh", "en"), strict=True))
def test_axe_finds_nothing_serious_and_a_phone_scrolls_only_downwards_in_any_state(status, language, server, visit):
    page = visit(f"{server.url}/live?lang={language}&run={RUNS[status]}")
    expect(words(page)).to_be_visible()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


def test_the_instrument_fits_on_one_screen(server, visit):
    for address in ("live?lang=en", f"live?lang=en&run={RUNS['running']}", f"live?lang=zh&run={RUNS['done']}"):
        page = visit(f"{server.url}/{address}")
        bottom = "() => document.querySelector('.live-numbers')?.getBoundingClientRect().bottom"
        assert page.wait_for_function(bottom).json_value() <= 800, address


def test_words_of_models_and_learners_stay_text(server, visit):
    page = visit(f"{server.url}/live?lang=en&run={RUNS['probed']}")
    group = page.locator(".group").filter(has_text="law")
    expect(group.locator(".sentence")).to_contain_text("<script>alert(1)</script>")
    expect(group.locator(".bar").first).to_be_visible()
    assert page.locator(".group script, .group i").count() == 0


def test_a_refused_sentence_shows_its_reason(server, visit):
    page = visit(f"{server.url}/live?lang=zh&run={RUNS['probed']}")
    expect(page.locator(".refused", has_text="这个句子是空的")).to_be_visible()


def test_bars_change_places_and_grow_softly(server, visit):
    page = visit(f"{server.url}/live?lang=en&run={RUNS['probed']}")
    group = page.locator(".group").filter(has_text="law")
    expect(group.locator(".bar.best .word")).to_have_text("law")
    assert group.locator(".fill").first.evaluate("bar => getComputedStyle(bar).transitionDuration") == "0.26s"
    store = store_of(server.home)
    law = group.locator(".bar").filter(has_text="law").element_handle()
    look(store, RUNS["probed"], 30, {"<i>vote</i>": 0.8, "law": 0.1})
    expect(group.locator(".bar.best .word")).to_have_text("<i>vote</i>", timeout=10_000)
    assert law.evaluate("bar => bar.isConnected"), "the bar moved; it was not drawn anew"


def test_nothing_moves_where_motion_is_not_wanted(server, visit):
    page = visit(f"{server.url}/live?lang=en&run={RUNS['probed']}", reduced_motion="reduce")
    assert page.locator(".fill").first.evaluate("bar => getComputedStyle(bar).transitionDuration") in ("0s", "1e-05s")


def test_a_guess_can_be_made_with_the_keyboard_alone(server, visit):
    page = visit(f"{server.url}/live?lang=en")
    page.locator(".picks button").first.focus()
    page.keyboard.press("Enter")
    handle = page.locator(".handle").nth(3)
    handle.focus()
    before = float(handle.get_attribute("aria-valuenow"))
    page.keyboard.press("ArrowDown")
    expect(page.locator(".handle").nth(3)).not_to_have_attribute("aria-valuenow", f"{before:.2f}")
    page.keyboard.press("ArrowDown")
    assert float(page.locator(".handle").nth(3).get_attribute("aria-valuenow")) < before, "the handle keeps the focus"
    expect(words(page).locator("span")).to_contain_text("Your guess is kept", timeout=10_000)


def test_a_tick_changes_what_the_page_says_in_place(server, visit):
    store = store_of(server.home)
    run_id = add_run(store, "running", seed=3)
    page = visit(f"{server.url}/live?lang=en&run={run_id}")
    still_there = [
        page.locator(each).element_handle() for each in (".live-numbers", "svg.canvas", ".live-phases", ".live-words p")
    ]
    sentence = page.locator(".st-key-live-instrument input").last
    sentence.click()
    sentence.type("Half a")
    point = {"step": 4321, "elapsed_s": 65.0, "tokens": 44032, "tokens_per_s": 700.0, "learning_rate": 1e-3}
    store.add_metric(run_id, {**point, "train_loss_nats": 4.0, "val_loss_nats": 3.21})
    expect(page.locator(".live-numbers dd").first).to_have_text("4,321", timeout=20_000)
    expect(page.locator("svg.canvas .now")).to_have_text("3.21")
    expect(page.locator("svg.canvas")).to_have_attribute("aria-label", re.compile("3.21"))
    assert all(each.evaluate("each => each.isConnected") for each in still_there), "nothing was built again"
    expect(sentence).to_be_focused()
    expect(sentence).to_have_value("Half a")


def test_who_looks_on_sees_that_another_pauses_and_that_the_run_ends(server, visit):
    store = store_of(server.home)
    run_id = add_run(store, "running", seed=4)
    page = visit(f"{server.url}/live?lang=en&run={run_id}")
    expect(page.locator(".st-key-live-pause button")).to_be_visible()
    store.mark(run_id, "paused")
    expect(words(page)).to_have_attribute("data-state", "paused", timeout=20_000)
    expect(page.locator(".st-key-live-resume button")).to_be_visible(timeout=20_000)
    expect(page.locator(".st-key-live-pause button")).to_have_count(0)
    expect(page.locator(".pp-engine")).to_contain_text("paused", timeout=20_000)
    store.mark(run_id, "running")
    expect(page.locator(".st-key-live-pause button")).to_be_visible(timeout=20_000)
    store.finish(run_id, "done", result={"val_loss_nats": 4.4, "steps": 40, "elapsed_s": 60.0})
    expect(words(page)).to_have_attribute("data-state", "done", timeout=20_000)
    expect(page.locator(".st-key-live-again button")).to_be_visible(timeout=20_000)
