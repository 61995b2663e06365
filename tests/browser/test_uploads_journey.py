"""Files that a learner brings, on both pages that take them: told what is wrong, read apart, let go when they leave."""

import itertools
import re
import time
import urllib.request

import psutil
import pytest
from playwright.sync_api import Locator, Page, expect

from ssl_core.corpora import apart
from ssl_core.i18n import translate
from tests.browser.conftest import assert_fits_a_phone, still
from tools import app_server

HOSTILE_NAME = "<img src=x onerror=window.hit=1>"
PLACES = {"data": ("data-own", "data-upload"), "live": ("live-settings", "live-upload")}  # section, uploader
LARGE = 19_000_000
KEEP = {"data": "Keep it and look at it", "live": "Learn from this text"}


@pytest.fixture(scope="module")
def server(tmp_path_factory, chromium):
    """A server of one's own, whose memory nobody else's tests change; it forgets closed tabs soon."""
    options = ("--server.disconnectedSessionTTL", "2")
    started = app_server.start(tmp_path_factory.mktemp("uploads"), environment={"PLAYGROUND_HUB": "off"}, options=options)
    yield started
    app_server.stop(started)
    assert "Traceback" not in started.log.read_text(errors="replace"), started.log.read_text(errors="replace")[-3000:]


@pytest.fixture(scope="module")
def many_keys(tmp_path_factory):
    """A file that is refused: each of its lines names another column."""
    path = tmp_path_factory.mktemp("files") / f"{HOSTILE_NAME}.jsonl"
    path.write_text("\n".join(f'{{"k{number}": "a"}}' for number in range(35_000)))
    return path


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """A file that can be used, and takes a while to read."""
    path = tmp_path_factory.mktemp("files") / "large.txt"
    sentences = (f"Sentence {n} tells how cat number {n * 7 % 101} found its way home.\n\n" for n in itertools.count())
    with path.open("w") as file:
        while file.tell() < LARGE:
            file.writelines(itertools.islice(sentences, 10_000))
    return path


@pytest.fixture(scope="module")
def commas(tmp_path_factory):
    """As large as a file may be, and refused at once: one line of 9 million columns."""
    path = tmp_path_factory.mktemp("files") / "commas.csv"
    path.write_bytes(b"a," * (LARGE // 2))
    return path


def uploader(page: Page, stem: str) -> Locator:
    """Open the section that takes a file."""
    section, place = PLACES[stem]
    page.locator(f".st-key-{section} summary").first.click()
    found = page.locator(f".st-key-{place} input[type=file]")
    found.wait_for(state="attached")
    return found


def until(is_so, what: str):
    """Wait for something that takes the time it takes, and return it."""
    deadline = time.monotonic() + 60
    while not (found := is_so()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return found


def readers(server) -> list[psutil.Process]:
    """The processes that read a file for this server."""
    found = []
    for each in psutil.Process(server.process.pid).children():
        try:
            found += [each] if apart.__name__ in each.cmdline() else []
        except psutil.Error:  # it has just ended
            continue
    return found


def held_bytes(server) -> int:
    """What Streamlit holds of uploaded files, by its own count."""
    with urllib.request.urlopen(f"{server.url}/_stcore/metrics") as answer:
        told = re.findall(r'cache_memory_bytes\{[^}]*"UploadedFileManager"[^}]*\} (\d+)', answer.read().decode())
    return sum(map(int, told))


@pytest.mark.parametrize(("stem", "language"), [("data", "en"), ("live", "zh")])
def test_a_file_that_harms_is_refused_and_a_good_one_is_taken_also_on_a_phone(
    stem, language, server, visit, many_keys, small_text
):
    page = visit(f"{server.url}/{stem}?lang={language}")
    taker, place = uploader(page, stem), page.locator(f".st-key-{PLACES[stem][0]}")
    taker.set_input_files(many_keys)
    refusal = place.locator(".pp-message")
    expect(refusal).to_contain_text("1,000")
    keep = page.get_by_role("button", name=translate(KEEP[stem], language))
    expect(keep).to_have_count(0)
    assert_fits_a_phone(page)
    assert page.evaluate("window.hit") is None
    taker.set_input_files(small_text)
    expect(place).to_contain_text("UTF-8")
    expect(refusal).to_have_count(0)
    assert_fits_a_phone(page)
    still(page)
    keep.click()
    if stem == "data":
        page.wait_for_url(re.compile("corpus=upload-"))
    else:
        chosen = page.get_by_role("combobox", name=translate("Text", language), exact=True)
        expect(chosen).to_have_value(re.compile("small"))


def reading(server, visit, large) -> tuple[Page, psutil.Process]:
    """A page whose file is being read, however fast this machine is, and the process that reads it."""
    page = visit(f"{server.url}/data?lang=en")
    uploader(page, "data").set_input_files(large)
    (reader,) = until(lambda: readers(server), "a process reads the file")
    reader.suspend()
    return page, reader


def test_who_leaves_ends_the_reading_and_the_file_is_let_go(server, visit, large, small_text):
    page, reader = reading(server, visit, large)
    until(lambda: held_bytes(server) >= LARGE, "the file is held while its uploader shows it")
    page.get_by_role("link", name="Runs", exact=True).click()
    until(lambda: not reader.is_running(), "another page ends the reading")

    page, reader = reading(server, visit, large)
    page.locator(".st-key-data-upload input[type=file]").set_input_files(small_text)
    expect(page.locator(".st-key-data-own")).to_contain_text("UTF-8")
    assert not reader.is_running(), "another file ends the reading"

    page, reader = reading(server, visit, large)
    page.close()
    until(lambda: not reader.is_running(), "a closed tab ends the reading")
    until(lambda: held_bytes(server) < LARGE, "all three are let go")


def test_the_app_takes_no_more_memory_however_many_files_come(server, visit, commas, many_keys):
    page = visit(f"{server.url}/data?lang=en")
    app = psutil.Process(server.process.pid)

    def bring(path) -> None:
        uploader(page, "data").set_input_files(path)
        expect(page.locator(".st-key-data-own .pp-message")).to_contain_text("1,000")
        page.get_by_role("link", name="Runs", exact=True).click()
        expect(page.locator("h1")).to_have_text("Runs")
        page.get_by_role("link", name="Data", exact=True).click()
        page.locator(".st-key-data-own").wait_for()

    bring(many_keys)
    before = app.memory_info().rss
    for _round in range(3):
        bring(commas)
    # of 57 MB the allocator may keep one file's for the next, and half of it for what else grew
    until(lambda: app.memory_info().rss < before + 1.5 * LARGE, "what the files took is given back")
