"""The page of heads in a real browser, by keyboard alone, on the answers that come along with the shelf."""

import json
import re

from playwright.sync_api import expect

from pages._ui import heads_map
from ssl_core import shelf
from ssl_core.attention import heads
from ssl_core.engine import recorded_answers
from ssl_core.i18n import translate
from tests.browser.conftest import assert_fits_a_phone, assert_readable_in_both_themes, open_sections
from tests.browser.keyboard import tab_to

NAME = "encoder-zh"


def best(key):
    """Return layer and head, as the page counts them, that have most of a measure."""
    values = json.loads((recorded_answers.FOLDER / f"{NAME}.head_metrics.json").read_text(encoding="utf-8"))["values"]
    rows = next(each["values_LH"] for each in values["metrics"] if each["key"] == key)
    found = max((value, layer, head) for layer, row in enumerate(rows) for head, value in enumerate(row))
    return found[1] + 1, found[2] + 1


def choose(page, title):
    """Type the title of an option into the list that has the focus, and take it."""
    page.keyboard.type(title)
    expect(page.get_by_role("option", name=title, exact=True)).to_be_visible()
    page.keyboard.press("Enter")


def test_by_keyboard_one_finds_the_head_chooses_a_measure_and_all_is_readable_and_fits_a_phone(quiet_server, visit):
    page = visit(f"{quiet_server.url}/heads?lang=zh&model={shelf.key(NAME)}")
    expect(page.locator(".heads-question")).to_be_visible()
    expect(page.locator(".heads-map")).to_have_count(0)  # the guess comes first
    told = page.locator(".st-key-asking-room-heads-map .heads-told")
    layer, head = best(heads_map.FIRST)
    for name, number in (("layer", layer), ("head", head)):
        tab_to(page, f"[class*='st-key-heads-{name}-'] input")
        choose(page, str(number))
    tab_to(page, ".st-key-heads-sure button")
    page.keyboard.press("Enter")
    expect(told).to_contain_text(translate("You guessed right.", "zh"))
    expect(page.locator(".heads-map td a")).to_have_count(36)

    tab_to(page, ".st-key-heads-measure input", key="Shift+Tab")
    other = next(key for key in heads.MENU if key != heads_map.FIRST)
    choose(page, translate(heads.metric(other).TITLE, "zh"))
    expect(page).to_have_url(re.compile(f"measure={other}"))
    expect(page.locator(".heads-question")).to_contain_text(translate(heads.metric(other).TITLE, "zh"))
    tab_to(page, ".st-key-heads-skip button")
    page.keyboard.press("Enter")
    layer, head = best(other)
    expect(told).to_contain_text(f"第 {layer} 层第 {head} 个头")

    tab_to(page, ".st-key-heads-time summary")
    page.keyboard.press("Enter")
    none_kept = translate("Of this network no steps on the way are kept. Those of a run that you train here are.", "zh")
    expect(page.get_by_text(none_kept)).to_be_visible()
    sections = ("numbers", "sources", "notice", "limits")
    open_sections(page, *(page.locator(f".st-key-heads-{each} summary") for each in sections))
    expect(page.locator(".st-key-heads-sources .katex").first).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    assert_readable_in_both_themes(page)
    assert_fits_a_phone(page)
