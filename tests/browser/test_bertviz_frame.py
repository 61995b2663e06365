"""BertViz's views in a real browser: they draw offline, in a frame from which nothing gets out."""

from pathlib import Path

from playwright.sync_api import expect

from pages._ui.bertviz_data import VIEWS
from tests.browser.conftest import serious_violations, still

OUTSIDE = """() => {
  const refused = (look) => { try { look(); return false } catch (error) { return error.name === "SecurityError" } };
  return {
    parent: refused(() => parent.document.title), top: refused(() => top.document.title),
    kept: refused(() => localStorage.length), cookies: refused(() => document.cookie), origin: origin === "null",
  };
}"""


def test_three_views_draw_in_a_frame_from_which_nothing_gets_out(serve, visit):
    page = visit(f"{serve(script=Path(__file__).parent / 'bertviz_alone.py').url}/?lang=en")
    for place in range(len(VIEWS)):
        page.get_by_role("radio").nth(place).click()
        element = page.locator("iframe")
        view = element.content_frame
        expect(view.locator(f"body.{list(VIEWS)[place]} svg rect").nth(2)).to_be_attached()
        assert view.locator("svg *").count() > 100
        assert element.get_attribute("sandbox") == "allow-scripts"
        frame = element.element_handle().content_frame()
        assert all(frame.evaluate(OUTSIDE).values()), frame.evaluate(OUTSIDE)
        assert frame.evaluate("window.wasRun") is None
        assert page.evaluate("window.wasRun") is None
        shown = view.locator("svg text").all_text_contents()
        if place != 1:  # the whole network writes tokens only beside the head that is enlarged
            assert "</script><script>window.wasRun = true</script>" in shown
    assert {"Query ", "q", "Products q × k"} <= set(view.locator("#heading tspan").all_text_contents())
    view.locator("#expanded #leftText text").nth(4).hover()
    expect(view.locator("#expanded #placeholder")).to_have_css("opacity", "0")
    page.get_by_role("radio").nth(1).click()
    view.locator("body.model svg > g > rect:last-child").nth(1).click()
    expect(view.get_by_text("Layer 1, head 2", exact=True)).to_be_visible()  # as the page counts and writes
    page.emulate_media(color_scheme="dark")
    expect(page.locator(".stApp")).to_have_css("color-scheme", "dark")
    expect(view.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")  # bertviz draws black on white
    still(page)
    assert not serious_violations(page)
