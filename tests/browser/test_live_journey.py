"""The main journey in a real browser: guess, start, watch, pause, step, go on, look back; and what must not go wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from ssl_core.i18n import translate
from ssl_core.runs.moment import snapshots
from tests.browser.conftest import PHONE, settled, sideways, still, store_of
from tests.browser.live_steps import choose, draw_guess, set_budget, start, state, words
from tests.engine.waiting import wait_until
from tests.training import tiny

LONG_S = 1800  # of a run that a test ends, however slow the machine is


@pytest.fixture
def server(engine_server):
    return engine_server


def run_id_of(page: Page) -> str:
    page.wait_for_url(re.compile("run="))
    return re.search(r"run=([0-9a-f]+)", page.url)[1]


@pytest.mark.parametrize(("language", "place"), [("en", 0), ("zh", 1)])
def test_from_the_first_page_to_a_finished_run(language, place, server, visit):
    page = visit(f"{server.url}?lang={language}")
    page.locator(".st-key-welcome-start a").click()
    choose(page, place)
    set_budget(page, 8, language)
    draw_guess(page)
    expect(page.locator(".handle")).to_have_count(7)
    start(page)

    expect(words(page)).to_have_attribute("data-state", "done", timeout=180_000)
    assert len(page.locator("svg.canvas .curve.guess").get_attribute("d")) > 50, "the guess is laid over the curve"
    said = words(page).locator("span").inner_text()
    assert translate("nats", language) in said, "one sentence says how close the guess was"
    page.locator(".st-key-live-look-back").get_by_role("slider").press("Home")
    first_look = snapshots(store_of(server.home).record(run_id_of(page)))[0]
    expect(page.locator(".live-head span")).to_have_text(translate("at step {step}", language).format(step=first_look))


def test_a_run_pauses_steps_and_goes_on_when_it_is_told_to(server, visit):
    page = visit(f"{server.url}/live?lang=zh")
    choose(page, 1)
    set_budget(page, LONG_S, "zh")
    start(page)
    expect(words(page)).to_have_attribute("data-state", "live", timeout=90_000)
    page.locator(".st-key-live-pause button").click()
    expect(words(page)).to_have_attribute("data-state", "paused", timeout=60_000)
    run_id = run_id_of(page)
    before = store_of(server.home).record(run_id).metrics["step"][-1]
    page.locator(".st-key-live-step button").click()
    expect(words(page).locator("b")).to_contain_text(f"{int(before) + 1}", timeout=60_000)
    page.locator(".st-key-live-resume button").click()
    expect(words(page)).to_have_attribute("data-state", "live", timeout=60_000)
    page.locator(".st-key-live-stop button").click()
    expect(words(page)).to_have_attribute("data-state", "stopped", timeout=60_000)


def test_a_run_survives_reload_and_is_the_same_for_everybody(server, visit):
    page = visit(f"{server.url}/live?lang=en")
    set_budget(page, LONG_S, "en")
    start(page)
    run_id = run_id_of(page)
    expect(words(page)).to_have_attribute("data-state", "live", timeout=90_000)
    page.reload()
    settled(page)
    expect(words(page)).to_have_attribute("data-state", "live", timeout=20_000)
    assert run_id in page.url
    page.get_by_label("Your own sentence").fill("the <b>prime</b> ___ said")
    page.keyboard.press("Enter")
    expect(page.locator(".sentence").first).to_contain_text("<b>prime</b>", timeout=20_000)
    assert page.locator(".pp-brand img").bounding_box()["width"] < 50, "the page keeps its style"
    other = visit(f"{server.url}/live?lang=zh&run={run_id}")
    expect(words(other)).to_have_attribute("data-state", "live", timeout=20_000)
    expect(other.locator(".sentence").first).to_contain_text("<b>prime</b>")
    page.close()
    other.locator(".st-key-live-stop button").click()
    expect(words(other)).to_have_attribute("data-state", "stopped", timeout=30_000)


def test_two_clicks_on_start_make_one_run(server, visit):
    page = visit(f"{server.url}/live?lang=en")
    page.locator("svg.axes").wait_for()
    before = len(store_of(server.home).rows())
    page.locator(".st-key-live-start button").dblclick()
    run_id = run_id_of(page)
    page.locator(".live-phases").wait_for()
    page.wait_for_timeout(1500)  # a second run would be in the store by now
    assert len(store_of(server.home).rows()) == before + 1
    store_of(server.home).control(run_id, "stop")
    expect(words(page)).to_have_attribute("data-state", "stopped", timeout=60_000)


def test_nothing_jumps_from_the_guess_to_the_end(server, visit):
    page = visit(f"{server.url}/live?lang=en")
    set_budget(page, 3, "en")
    places = [state(page)]
    start(page)
    places.append(state(page))
    expect(words(page)).to_have_attribute("data-state", re.compile("live|done"), timeout=90_000)
    places.append(state(page))
    expect(words(page)).to_have_attribute("data-state", "done", timeout=60_000)
    places.append(state(page))
    assert places == [places[0]] * 4, "chart, probes and numbers stay where they are"


def test_one_click_takes_more_time_where_a_run_would_be_too_short(server, visit):
    page = visit(f"{server.url}/live?lang=en")
    set_budget(page, 1, "en")
    page.locator(".st-key-live-longer button").click()  # there as soon as the engine has measured this machine
    expect(words(page).locator("b")).not_to_contain_text("in 0:01")
    expect(page).to_have_url(re.compile(r"training\.budget="))
    budget = words(page).locator("b").inner_text()
    page.reload()
    expect(words(page).locator("b")).to_have_text(budget)


def test_polling_stops_with_the_run(server, visit, small_text):
    store = store_of(server.home)
    finished = store.submit(tiny.spec(small_text))
    wait_until(lambda: store.row(finished)["status"] == "done", "a small run is done", limit_s=120)
    page = visit(f"{server.url}/live?lang=en&run={finished}")
    expect(page.locator(".live-numbers")).to_be_visible()
    still(page)
    page.evaluate(
        """() => { window.__changes = 0;
        new MutationObserver((all) => { window.__changes += all.length; }).observe(
          document.querySelector('.st-key-live-instrument'), {subtree: true, childList: true, attributes: true}); }"""
    )
    page.wait_for_timeout(2500)
    assert page.evaluate("window.__changes") == 0


def test_a_phone_shows_the_whole_journey(server, visit):
    language = "zh"
    page = visit(f"{server.url}/live?lang={language}", size=PHONE, has_touch=True)
    assert sideways(page) <= 0
    page.locator(".picks button").nth(1).tap()
    expect(page.locator(".handle")).to_have_count(7)
    set_budget(page, 3, language)
    start(page)
    expect(words(page)).to_have_attribute("data-state", "done", timeout=90_000)
    assert sideways(page) <= 0
