"""How soon does one see where heads look: the first view of a sentence, another head, and the map of all heads anew."""

import argparse
import statistics
import time

from playwright.sync_api import Browser, Page

from benchmarks import app_under_test, table

MINILM = "elsewhere:minilm-l6"
WORDS = (
    "the old man walked slowly through the green park and sat down on a bench near the small lake where children played with "
    "their dogs until the sun went"
)
"""Twenty-nine words, each one token of MiniLM: with [CLS], [SEP] and one word that is new each time they make 32."""

NEW = ("red", "blue", "black", "white", "happy", "sad", "young", "rich", "poor", "tall")
DRAWN = ".attention[data-drawn]"
PRESS = """async (root, selector) => {
  const button = root.querySelector(selector), began = performance.now();
  button.click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--presses", type=int, default=60)
    asked = parser.parse_args()
    with app_under_test.server() as address, app_under_test.browser() as browser:
        page = _opened(browser, f"{address}/attention?model={MINILM}&text={WORDS}")
        first = [_first_view(page, f"{address}/attention?model={MINILM}&text={WORDS} {word}") for word in NEW[: asked.times]]
        root = page.locator(DRAWN)
        heads = [root.evaluate(PRESS, f".map:nth-of-type({1 + 7 * number % 72})") for number in range(asked.presses)]
        maps = [root.evaluate(PRESS, "[data-tool=marks]") for _ in range(asked.presses)]
    rows = [
        ("first view, MiniLM-L6, 32 tokens", f"**{statistics.median(first):.2f} s**", f"{max(first):.2f} s"),
        ("another head, MiniLM-L6", f"**{statistics.median(heads):.0f} ms**", f"{_p95(heads):.0f} ms"),
        ("all 72 maps anew, MiniLM-L6", f"**{statistics.median(maps):.0f} ms**", f"{_p95(maps):.0f} ms"),
    ]
    table.write("attention", ("", "median", "slowest view, else 95 %"), rows)


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.locator(DRAWN).wait_for(timeout=120_000)
    time.sleep(2)
    return page


def _first_view(page: Page, address: str) -> float:
    """Return the seconds until a sentence that was never asked about is drawn; the network has been opened before."""
    page.goto("about:blank")
    began_at = time.monotonic()
    page.goto(address, wait_until="commit")
    page.locator(DRAWN).wait_for(timeout=60_000)
    seconds = time.monotonic() - began_at
    time.sleep(0.5)
    return seconds


def _p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    main()
