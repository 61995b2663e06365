"""Take a picture of every page in its states: two languages, two themes, a wide screen and a phone.

python tools/screenshots.py --page welcome --language zh --theme dark     some of them
python tools/screenshots.py --readme                                      the README's pictures, into docs/images/
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tools import app_server, picture_runs  # noqa: E402

SIZES = {"wide": (1280, 800), "phone": (390, 844)}
LANGUAGES, THEMES = ("en", "zh"), ("light", "dark")
README = (
    ("live", "live", "en", "light"), ("welcome", "example", "en", "light"), ("live", "live", "zh", "dark"),
    ("live", "live", "zh", "light"), ("attention", "example", "en", "light"), ("attention", "example", "zh", "light"),
)  # fmt: skip
README_COLOURS = 250
THUMBNAIL = (320, 260)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """One state of a page; ``run`` is the status of the run it shows, ``{run}`` in the address becomes its id."""

    page: str
    name: str
    address: str
    run: str = ""
    is_empty: bool = False  # with nothing in the store
    wait_ms: int = 1200


STATES = (
    State(page="welcome", name="example", address="", wait_ms=8000),
    State(page="welcome", name="part", address="?part=task"),
    State(page="data", name="example", address="data"),
    State(page="data", name="waiting", address="data?corpus=python-docs", is_empty=True, wait_ms=200),
    State(page="tinyworld", name="example", address="tinyworld", wait_ms=5000),
    State(page="masking_lab", name="example", address="masking_lab", wait_ms=5000),
    State(page="masking_lab", name="denoising", address="masking_lab?task=denoising", wait_ms=5000),
    State(page="live", name="example", address="live"),
    State(page="live", name="waiting", address="live?run={run}", run="queued"),
    State(page="live", name="live", address="live?run={run}", run="running"),
    State(page="live", name="paused", address="live?run={run}", run="paused"),
    State(page="live", name="done", address="live?run={run}", run="done"),
    State(page="live", name="failed", address="live?run={run}", run="failed"),
    State(page="live", name="unknown_run", address="live?run=nothing"),
    State(page="tokenizers", name="guess", address="tokenizers", wait_ms=7000),
    State(page="tokenizers", name="pieces", address="tokenizers?c=unigram&guess=off", wait_ms=9000),
    State(page="loss_lab", name="softmax", address="loss_lab"),
    State(page="loss_lab", name="replaced", address="loss_lab?part=replaced"),
    State(page="loss_lab", name="contrast", address="loss_lab?part=contrast"),
    State(page="loss_lab", name="joint", address="loss_lab?part=joint"),
    State(page="break_it", name="guess", address="break_it"),
    State(page="break_it", name="example", address="break_it?mistake=loss_on_all_tokens&guess=lower", wait_ms=9000),
    State(page="runs", name="list", address="runs"),
    State(page="runs", name="example", address="runs", is_empty=True),
    State(page="unknown", name="unknown", address="no-such-page"),
    State(page="attention", name="example", address="attention?layer=5&head=3", wait_ms=3000),
    State(page="attention", name="lines", address="attention?layer=5&head=3&form=lines", wait_ms=3000),
    State(page="attention", name="waiting", address="attention?model=elsewhere:minilm-l6", is_empty=True),
    State(page="heads", name="guess", address="heads", wait_ms=3000),
    State(page="switch_off", name="example", address="switch_off", wait_ms=3000),
)


def main() -> None:
    """Take the pictures that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--page", choices=sorted({each.page for each in STATES}))
    parser.add_argument("--state", choices=sorted({each.name for each in STATES}))
    parser.add_argument("--language", "--lang", choices=LANGUAGES)
    parser.add_argument("--theme", choices=THEMES)
    parser.add_argument("--size", choices=SIZES)
    parser.add_argument("--fold", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--readme", action="store_true", help="the README's pictures, into docs/images/")
    parser.add_argument("--out", type=Path, default=ROOT / "screenshots")
    asked = parser.parse_args()
    with _places() as (browser, full, empty, ids):
        if asked.readme:
            _take_readme(browser, full, ids)
            return
        asked.out.mkdir(parents=True, exist_ok=True)
        taken = []
        states = [each for each in STATES if asked.page in (None, each.page) and asked.state in (None, each.name)]
        for state, language, theme, size in product(states, LANGUAGES, THEMES, SIZES):
            if asked.language in (None, language) and asked.theme in (None, theme) and asked.size in (None, size):
                path = asked.out / f"{state.page}-{state.name}-{language}-{theme}-{size}.png"
                _take(
                    browser, empty if state.is_empty else full, state, language, theme, size, ids, path, is_whole=not asked.fold
                )
                taken.append(path)
                print(path.relative_to(asked.out))
    _contact_sheet(taken, asked.out / "contact-sheet.png")


@contextmanager
def _places() -> Iterator[tuple[Browser, str, str, dict[str, dict[str, str]]]]:
    """Give a browser, the address of an app with runs, of one without, and the runs' ids."""
    chromium = app_server.chromium()
    if chromium is None:
        raise SystemExit(app_server.NO_CHROMIUM)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        ids = picture_runs.fill(Path(folder) / "full" / "home")
        servers = [app_server.start(Path(folder) / name) for name in ("full", "empty")]
        browser = playwright.chromium.launch(executable_path=chromium, args=list(app_server.CHROMIUM_ARGUMENTS))
        try:
            yield browser, servers[0].url, servers[1].url, ids
        finally:
            browser.close()
            for server in servers:
                app_server.stop(server)


def _take(
    browser: Browser, url: str, state: State, language: str, theme: str, size: str, ids: dict[str, dict[str, str]], path: Path,
    *, is_whole: bool,
) -> None:  # fmt: skip
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme)
    page = context.new_page()
    address = state.address.format(run=ids[language].get(state.run, ""))
    page.goto(f"{url}/{address}{'&' if '?' in address else '?'}lang={language}")
    _settle(page, state.wait_ms)
    if is_whole:
        tall = page.evaluate("document.querySelector('[data-testid=stMainBlockContainer]').scrollHeight")
        page.set_viewport_size({"width": width, "height": max(height, min(int(tall), 4000))})
        page.wait_for_timeout(500)
    page.screenshot(path=path)
    context.close()


def _settle(page: Page, wait_ms: int) -> None:
    page.locator("h1").first.wait_for(timeout=60_000)
    page.wait_for_function("() => !document.querySelector('[data-testid=stSkeleton]')", timeout=60_000)
    page.wait_for_timeout(wait_ms)


def _take_readme(browser: Browser, url: str, ids: dict[str, dict[str, str]]) -> None:
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for page, name, language, theme in README:
        state = next(each for each in STATES if (each.page, each.name) == (page, name))
        path = folder / f"{page}-{language}-{theme}.png"
        _take(browser, url, state, language, theme, "wide", ids, path, is_whole=False)
        with Image.open(path) as picture:
            small = picture.convert("RGB").quantize(README_COLOURS, kmeans=2, dither=Image.Dither.NONE)
        small.save(path, optimize=True)
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KB")


def _contact_sheet(paths: list[Path], out: Path) -> None:
    """Lay all pictures out on one."""
    columns = min(8, len(paths)) or 1
    cell = (THUMBNAIL[0] + 10, THUMBNAIL[1] + 26)
    sheet = Image.new("RGB", (cell[0] * columns, cell[1] * -(-len(paths) // columns)), "#888888")
    draw = ImageDraw.Draw(sheet)
    for number, path in enumerate(paths):
        x, y = number % columns * cell[0] + 5, number // columns * cell[1] + 20
        with Image.open(path) as picture:
            thumbnail = picture.convert("RGB")
        thumbnail.thumbnail(THUMBNAIL)
        sheet.paste(thumbnail, (x, y))
        draw.text((x, y - 14), path.stem, fill="white")
    sheet.save(out)


if __name__ == "__main__":
    main()
