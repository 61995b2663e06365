"""The loss chart in a real browser: names keep apart, and zoom and cursor outlive new points."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, WIDE

NAMES = """() => [...document.querySelectorAll('*')].flatMap((each) => each.shadowRoot ? [each.shadowRoot] : [document])
  .flatMap((root) => [...root.querySelectorAll('svg.canvas text.name, svg.canvas text.now')])
  .filter((each, i, all) => all.indexOf(each) === i)
  .map((each) => ({text: each.textContent, ...each.getBoundingClientRect().toJSON()}))"""


@pytest.fixture(scope="module")
def server(serve):
    return serve(script=Path(__file__).parent / "chart_alone.py")


def new_points(page: Page) -> None:
    """Wait for a tick that brought new points."""
    before = page.locator("#points").inner_text()
    expect(page.locator("#points")).not_to_have_text(before)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_name_covers_another_however_close_the_lines(size, server, visit) -> None:
    page = visit(server.url, size=size)
    expect(page.locator("svg.canvas text.name")).to_have_count(4)
    new_points(page)
    boxes = page.evaluate(NAMES)
    assert len(boxes) >= 4, boxes
    for a, b in combinations(boxes, 2):
        is_apart = (
            a["right"] <= b["left"] or b["right"] <= a["left"] or a["bottom"] <= b["top"] + 3 or b["bottom"] <= a["top"] + 3
        )
        assert is_apart, f"{a['text']} covers {b['text']}"  # boxes of 16 px text are 3 px higher than its letters
    assert all(box["left"] >= 0 and box["right"] <= size["width"] for box in boxes), boxes


def test_zoom_and_cursor_outlive_new_points(server, visit) -> None:
    page = visit(server.url)
    canvas = page.locator("svg.canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 60)
    page.mouse.down()
    page.mouse.move(box["x"] + 320, box["y"] + 220, steps=5)
    page.mouse.up()
    expect(page.get_by_role("button", name="Whole run")).to_be_visible()
    page.wait_for_timeout(400)  # the axes glide for a quarter of a second
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    ticks = canvas.locator("text.tick").all_inner_texts()
    where = float(canvas.locator("line.cursor").get_attribute("x1"))
    new_points(page)
    assert canvas.locator("text.tick").all_inner_texts() == ticks
    # 1 px: on a busy machine the axes may still be gliding when the cursor is first looked at
    assert float(canvas.locator("line.cursor").get_attribute("x1")) == pytest.approx(where, abs=1)
    page.get_by_role("button", name="Whole run").click()
    expect(canvas.locator("text.tick", has_text="60")).to_be_visible()


def test_the_chart_never_changes_its_height(server, visit) -> None:
    page = visit(server.url)
    heights = set()
    for _tick in range(3):
        heights.add(page.locator(".loss").bounding_box()["height"])
        new_points(page)
    assert len(heights) == 1, heights


def test_arrow_keys_read_the_values_aloud(server, visit) -> None:
    page = visit(server.url)
    page.locator("svg.canvas").focus()
    page.keyboard.press("End")
    expect(page.locator(".loss .spoken")).to_contain_text("nats")
    said = page.locator(".loss .spoken").inner_text()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".loss .spoken")).not_to_have_text(said)


def test_the_chart_says_in_words_what_it_shows(server, visit) -> None:
    said = re.compile("^<i>alone</i>: the validation loss went from")  # and a name stays text
    expect(visit(server.url).locator("svg.canvas")).to_have_attribute("aria-label", said)


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_curve_that_leaves_the_frame_says_where_and_how_far(size, server, visit) -> None:
    page = visit(f"{server.url}?cut=1", size=size)
    signs = page.locator("svg.canvas .leaves")
    expect(signs).to_have_count(2)
    told = [each.split(": ")[1] for each in signs.locator("title").all_text_contents()]
    assert told == ["goes up to 6.73", "goes down to 4.40"], "the highest and the lowest point that is drawn"
    frame, marks = page.locator("svg.canvas").bounding_box(), [each.bounding_box() for each in signs.all()]
    for mark in marks:
        assert frame["x"] <= mark["x"]
        assert mark["x"] + mark["width"] <= frame["x"] + frame["width"]
    assert marks[0]["y"] < marks[1]["y"], "one at the upper edge, one at the lower"
    expect(page.locator("svg.canvas .now", has_text="6.73")).to_be_visible()
    expect(page.locator("svg.canvas .now", has_text="4.40")).to_be_visible()


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_a_pause_is_named_above_the_plot(size, server, visit) -> None:
    page = visit(f"{server.url}?cut=1", size=size)
    named = page.locator(".legend li", has_text="paused")
    expect(named.locator(".flag.pause")).to_have_count(1)
    box, plot = named.bounding_box(), page.locator("svg.canvas").bounding_box()
    assert box["y"] + box["height"] <= plot["y"] + 3, "it does not run into the plot"
    assert box["x"] + box["width"] <= plot["x"] + plot["width"] + 1


def test_no_flag_covers_the_name_of_a_line(server, visit) -> None:
    page = visit(f"{server.url}?cut=1", size=PHONE)
    expect(page.locator("svg.canvas .flag").first).to_be_visible()
    flags = [each.bounding_box() for each in page.locator("svg.canvas .flag").all()]
    for name in page.evaluate(NAMES):
        for flag in flags:
            is_apart = (
                flag["x"] >= name["right"] or flag["x"] + flag["width"] <= name["left"]
                or flag["y"] >= name["bottom"] - 3 or flag["y"] + flag["height"] <= name["top"]
            )  # fmt: skip
            assert is_apart, name["text"]
