"""The frame around every page, in a real browser."""

import re

import pytest
from playwright.sync_api import expect
from streamlit.proto.BackMsg_pb2 import BackMsg

from pages._ui import menu
from ssl_core.i18n import translate
from tests.browser.conftest import PHONE, assert_fits_a_phone, assert_readable_in_both_themes, settled
from tools import app_server

PATHS = {entry.stem: "" if entry.is_first else entry.stem for entry in menu.MENU}
LAST_OF_SECTION = list({entry.section: entry.stem for entry in menu.MENU}.values())
# their own files check these with all their sections open, in both themes and on a phone: open contains closed
CHECKED_OPEN = {
    "tinyworld", "data", "tokenizers", "masking_lab", "loss_lab", "break_it", "attention", "heads", "switch_off",
}  # fmt: skip
IN_TURN = [  # pages are built alike in both languages
    (stem, ("en", "zh")[place % 2]) for place, stem in enumerate(each for each in PATHS if each not in CHECKED_OPEN)
]
TITLES = {**{entry.stem: entry.title for entry in menu.MENU}, "welcome": "Pretraining Playground"}


@pytest.fixture
def server(quiet_server):
    return quiet_server


@pytest.mark.parametrize("stem", LAST_OF_SECTION)  # what a first request may miss is a folder of pages
def test_any_page_can_be_the_first_request_to_a_fresh_server(stem, serve, visit) -> None:
    server = serve()
    page = visit(f"{server.url}/{PATHS[stem]}")
    expect(page.locator("h1")).to_have_text(TITLES[stem])
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.close()
    app_server.stop(server)


def test_the_language_survives_menu_reload_and_back(server, visit) -> None:
    page = visit(server.url)
    page.get_by_text("中文").click()
    expect(page.locator("h1")).to_have_text("预训练游乐场")
    assert "lang=zh" in page.url
    page.get_by_role("link", name="训练记录").click()
    expect(page.locator("h1")).to_have_text("训练记录")
    assert "lang=zh" in page.url
    page.reload()
    expect(page.locator("h1")).to_have_text("训练记录")
    page.go_back()
    expect(page.locator("h1")).to_have_text("预训练游乐场")


def test_a_chinese_browser_starts_in_chinese(server, visit) -> None:
    page = visit(server.url, locale="zh-CN")
    expect(page.locator("h1")).to_have_text("预训练游乐场")


def test_the_run_in_the_address_survives_the_menu(server, visit) -> None:
    page = visit(f"{server.url}/live?lang=en&run=0123456789ab")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    page.get_by_role("link", name="Live run").click()
    page.wait_for_url(re.compile("/live.*run=0123456789ab"))


@pytest.mark.parametrize("path", ["nonsense", "pages/nonsense", "%3Cscript%3Ealert(1)%3C%2Fscript%3E"])
def test_an_address_that_names_no_page_says_so_and_leads_on(path, server, visit) -> None:
    page = visit(f"{server.url}/{path}?lang=zh")
    expect(page.locator("h1")).to_have_text(translate("There is no such page", "zh"))
    page.locator(".st-key-unknown-links a").filter(has_text="训练记录").click()
    expect(page.locator("h1")).to_have_text("训练记录")


def test_a_path_with_folders_leads_to_the_page(server, visit) -> None:
    page = visit(f"{server.url}/pretrain/runs?lang=en")
    expect(page.locator("h1")).to_have_text("Runs")


def test_on_a_phone_the_menu_opens_and_closes_after_a_choice(server, visit) -> None:
    page = visit(f"{server.url}/?lang=en", size=PHONE)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(page.locator("h1")).to_have_text("Runs")
    expect(page.get_by_test_id("stSidebar")).to_have_attribute("data-collapsed", "true")


def test_the_keyboard_reaches_the_menu_and_the_main_button(server, visit) -> None:
    page = visit(f"{server.url}/?lang=en")
    reached = set()
    for _press in range(30):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.innerText?.trim().split('\\n').pop()"))
    assert {"Runs", "Live run", "Watch a model learn now", "Tokens"} <= reached


@pytest.mark.parametrize(("stem", "language"), IN_TURN)
def test_axe_finds_nothing_serious_in_either_theme_and_a_phone_scrolls_only_downwards(stem, language, server, visit) -> None:
    page = visit(f"{server.url}/{PATHS[stem]}?lang={language}", reduced_motion="reduce")
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)


def test_pages_that_are_checked_open_are_pages() -> None:
    assert set(PATHS) > CHECKED_OPEN


def test_the_ui_stays_up_when_the_browser_goes(server, visit) -> None:
    page = visit(f"{server.url}/runs?lang=en")
    page.close()
    assert server.process.poll() is None
    settled(visit(server.url))


def test_a_server_that_is_gone_is_told_in_the_readers_language(serve, browser) -> None:
    closing = serve()
    page = browser.new_page()  # not by visit: here requests fail
    page.goto(f"{closing.url}/runs?lang=zh")
    settled(page)
    closing.process.terminate()
    expect(page.get_by_role("dialog")).to_contain_text(translate("The app does not answer", "zh"), timeout=30_000)
    page.close()


def test_what_a_page_sends_after_it_was_left_disturbs_no_other(server, visit) -> None:
    page = visit(f"{server.url}/?lang=en", locale="en-GB")  # a window apart: its messages go another way
    ticks, late = [], []

    def between(browser) -> None:
        there = browser.connect_to_server()

        def send_on(message) -> None:
            there.send(message)
            asked = BackMsg.FromString(message).rerun_script
            if asked.fragment_id:
                ticks.append(message)
            elif ticks and asked.page_script_hash != BackMsg.FromString(ticks[0]).rerun_script.page_script_hash:
                late.append(ticks[-1])  # as on a slow line
                there.send(ticks[-1])

        browser.on_message(send_on)
        there.on_message(browser.send)

    page.route_web_socket(re.compile("_stcore/stream"), between)
    page.reload()
    settled(page)
    page.wait_for_timeout(1500)  # the replay tells twice a second where it is
    page.locator(".st-key-welcome-start a").click()
    page.locator("svg.axes").wait_for()
    page.wait_for_timeout(2500)  # a tick of the new page
    expect(page.locator("svg.axes")).to_be_visible()
    assert late, "something came late"
