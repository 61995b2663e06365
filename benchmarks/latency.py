"""How soon does something move: from Start to the first loss, and from a reload to the page."""

import argparse
import re
import statistics
import time
from dataclasses import replace

from playwright.sync_api import Browser, Page

from benchmarks import app_under_test, table
from ssl_core.runs import presets
from ssl_core.runs.store import RunStore

HAS_TITLE = "() => document.querySelector('h1') && !document.querySelector('[data-testid=\"stSkeleton\"]')"
CHART = ".loss svg.canvas text"
NUMBERS = ".live-numbers"
PAGES = ("", "live", "runs", "tinyworld", "data", "tokenizers?guess=off", "masking_lab", "loss_lab", "break_it")
PICTURES = f"{CHART}, .story .lines button, .ranks svg circle, .token-bars li, .lab .sides button, .lab .picture svg"
"""What a page is looked at for; where it was there on the first visit, a reload is over once it is there again. Of a chart it
is the axes: a replay begins without a curve."""

WARM_UP_S = 6.0  # the first visit may learn a vocabulary or count a text
FINISHED_RUN_S = 10.0


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with app_under_test.server() as address, app_under_test.browser() as browser:
        starts = [_start(browser, address) for _ in range(asked.times)]
        run_id = _finished_run()
        paths = {f"/{path}": path for path in PAGES} | {"/live?run=… (a finished run)": f"live?run={run_id}"}
        reloads = {name: _reloads(browser, f"{address}/{path}", asked.times) for name, path in paths.items()}
    rows = [_row("Start → first point", starts)]
    rows += [_row(f"reload of {name}", seconds) for name, seconds in reloads.items()]
    table.write("latency", ("", "median", "all"), rows)


def _start(browser: Browser, address: str) -> float:
    """Return the seconds from the click on Start until the page says that a step was taken."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(f"{address}/live")
    button = page.get_by_role("button", name=re.compile(r"Start$"))
    button.wait_for()
    time.sleep(1.5)
    clicked_at = time.monotonic()
    button.click()
    _wait_for_loss(page)
    seconds = time.monotonic() - clicked_at
    run_id = page.url.split("run=")[1].split("&")[0]
    RunStore().control(run_id, "stop")
    while RunStore().row(run_id)["status"] in ("queued", "running", "paused"):
        time.sleep(0.1)
    page.close()
    return seconds


def _finished_run() -> str:
    """Train for a few seconds, so that the chart of a finished run has curves to draw, and return the run's id."""
    store, spec = RunStore(), presets.spec("mlm-en")
    run_id = store.submit(replace(spec, training=replace(spec.training, budget=FINISHED_RUN_S)))
    while (status := store.row(run_id)["status"]) != "done":
        assert status != "failed", store.row(run_id)["failure"]
        time.sleep(0.2)
    return run_id


def _wait_for_loss(page: Page) -> None:
    """Wait until the page of a run named in the address shows a validation loss; the chart is drawn with it."""
    page.wait_for_function(
        """selector => location.search.includes('run=') && (() => {
          const numbers = document.querySelector(selector);
          return numbers && /\\d\\.\\d+\\s*nats/.test(numbers.innerText);
        })()""",
        arg=NUMBERS,
        polling=20,
    )


def _reloads(browser: Browser, address: str, times: int) -> list[float]:
    """Return the seconds that each of ``times`` reloads takes, after one visit that fills the browser's cache."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address)
    page.wait_for_function(HAS_TITLE)
    time.sleep(WARM_UP_S)
    page.reload()
    page.wait_for_function(HAS_TITLE)
    time.sleep(3)
    has_picture = page.locator(PICTURES).count() > 0
    seconds = []
    for _ in range(times):
        began_at = time.monotonic()
        page.reload(wait_until="commit")
        page.wait_for_function(HAS_TITLE, polling=20)
        if has_picture:
            page.locator(PICTURES).first.wait_for()
        seconds.append(time.monotonic() - began_at)
        time.sleep(0.5)
    page.close()
    return seconds


def _row(name: str, seconds: list[float]) -> tuple[str, str, str]:
    return name, f"**{statistics.median(seconds):.2f} s**", ", ".join(f"{each:.2f}" for each in sorted(seconds))


if __name__ == "__main__":
    main()
