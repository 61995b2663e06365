"""How soon does one see where heads look: the first view of a sentence, another head, and the map of all heads anew."""

import argparse
import statistics
import time

from playwright.sync_api import Browser, Page

from benchmarks import app_under_test, table
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore

MINILM = "elsewhere:minilm-l6"
WORDS = (
    "the old man walked slowly through the green park and sat down on a bench near the small lake where children played with "
    "their dogs until the sun went"
)
"""Twenty-nine words, each one token of MiniLM: with [CLS], [SEP] and one word that is new each time they make 32."""

NEW = ("red", "blue", "black", "white", "happy", "sad", "young", "rich", "poor", "tall")
IS_DRAWN = "() => document.querySelector('.attention')?.dataset.drawn"
PRESS = """async (selector) => {
  const root = document.querySelector('.attention'), button = root.querySelector(selector), before = root.dataset.drawn;
  const began = performance.now();
  button.click();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - began;
}"""
RUN_S = 10.0


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--presses", type=int, default=60)
    asked = parser.parse_args()
    with app_under_test.server() as address, app_under_test.browser() as browser:
        page = _opened(browser, f"{address}/attention?model={MINILM}&text={WORDS}")
        first = [_first_view(page, f"{address}/attention?model={MINILM}&text={WORDS} {word}") for word in NEW[: asked.times]]
        heads = [page.evaluate(PRESS, f".map:nth-of-type({1 + 7 * number % 72})") for number in range(asked.presses)]
        small = _opened(browser, f"{address}/attention?model={_small_run()}")
        maps = [small.evaluate(PRESS, "[data-tool=marks]") for _ in range(asked.presses)]
    rows = [
        ("first view, MiniLM-L6, 32 tokens", f"**{statistics.median(first):.2f} s**", f"{max(first):.2f} s"),
        ("another head, MiniLM-L6", f"**{statistics.median(heads):.0f} ms**", f"{_p95(heads):.0f} ms"),
        ("all maps anew, 4 × 4 heads", f"**{statistics.median(maps):.0f} ms**", f"{_p95(maps):.0f} ms"),
    ]
    table.write("attention", ("", "median", "slowest view, else 95 %"), rows)


def _opened(browser: Browser, address: str) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.wait_for_function(IS_DRAWN, timeout=120_000)
    time.sleep(2)
    return page


def _first_view(page: Page, address: str) -> float:
    """Return the seconds until a sentence that was never asked about is drawn; the network has been opened before."""
    page.goto("about:blank")
    began_at = time.monotonic()
    page.goto(address, wait_until="commit")
    page.wait_for_function(IS_DRAWN, polling=20, timeout=60_000)
    seconds = time.monotonic() - began_at
    time.sleep(0.5)
    return seconds


def _small_run() -> str:
    store = RunStore()
    spec = presets.spec("lm-en")
    run_id = store.submit(spec)
    time.sleep(RUN_S)
    store.control(run_id, "stop")
    while (status := store.row(run_id)["status"]) not in ("done", "stopped"):
        assert status != "failed", store.row(run_id)["failure"]
        time.sleep(0.2)
    return run_id


def _p95(values: list[float]) -> float:
    return sorted(values)[round(0.95 * (len(values) - 1))]


if __name__ == "__main__":
    main()
