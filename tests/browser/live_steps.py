"""What a learner does on the live page, step by step."""

from playwright.sync_api import Locator, Page, expect

from ssl_core.i18n import translate


def choose(page: Page, place: int) -> None:
    """Choose the preset at this place."""
    page.locator("svg.axes").wait_for()
    card = page.locator(".st-key-live-presets [role=radiogroup] > div").nth(place)
    card.click()
    expect(card).to_have_attribute("data-selected", "true")


def set_budget(page: Page, seconds: int, language: str) -> None:
    """Open the settings and say how long the run is to take."""
    page.locator("svg.axes").wait_for()
    page.locator(".st-key-live-settings summary").click()
    page.get_by_role("tab", name=translate("Training", language), exact=True).click()
    box = page.get_by_label(translate("Budget", language), exact=True)
    box.fill(str(seconds))
    box.press("Enter")
    expect(page.locator(".st-key-live-transport .live-words b")).to_contain_text(
        f"{seconds // 60}:{seconds % 60:02}", timeout=20_000
    )
    page.locator(".st-key-live-settings summary").click()


def draw_guess(page: Page) -> None:
    """Draw a falling curve with one stroke."""
    axes = page.locator("svg.axes")
    axes.scroll_into_view_if_needed()
    box = axes.bounding_box()
    left, right, top, bottom = box["x"] + 60, box["x"] + box["width"] - 20, box["y"] + 25, box["y"] + box["height"] - 90
    page.mouse.move(left, top)
    page.mouse.down()
    for share in (0.1, 0.2, 0.4, 0.6, 0.8, 1.0):
        page.mouse.move(left + share * (right - left), top + (1 - (1 - share) ** 3) * (bottom - top), steps=4)
    page.mouse.up()


def start(page: Page) -> None:
    """Press Start and wait for the run's own view."""
    page.locator(".st-key-live-start button").click()
    page.locator(".live-phases").wait_for(timeout=20_000)


def words(page: Page) -> Locator:
    """The words that say where the run stands."""
    return page.locator(".st-key-live-transport .live-words")


def state(page: Page) -> list[float]:
    """By how many pixels the words, the probes and the numbers stand below the title."""
    parts = [".live-words", ".live-head", ".live-numbers"]
    tops = """parts => {
      const found = parts.map((part) => document.querySelector(`.st-key-live-instrument ${part}`));
      const start = document.querySelector("h1").getBoundingClientRect().top;
      const below = (part) => Math.round(part.getBoundingClientRect().top - start);
      return found.every((part) => part?.isConnected) && found.map(below);
    }"""
    return page.wait_for_function(tops, arg=parts).json_value()
