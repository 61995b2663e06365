"""Every page opens, in both languages, whatever the store holds, and none of them loads torch."""

import json
import os
import subprocess
import sys

import pytest

from pages._ui import menu
from ssl_core.engine import client
from ssl_core.i18n import LANGUAGES, translate
from tests.pages.opening import ROOT, fill, open_page, texts

STEMS = [entry.stem for entry in menu.MENU]
HEAVY = ("torch", "transformers", "bertviz", "peft", "sklearn")
ALL_PAGES = """
import json, sys
sys.path[:0] = {paths!r}
from tests.pages.opening import fill, open_page
from ssl_core.runs.store import RunStore
fill(RunStore())
for stem in {stems!r}:
    assert not open_page(stem).exception, stem
print(json.dumps([name for name in {heavy!r} if name in sys.modules]))
"""


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stem", STEMS)
def test_opens_on_an_empty_store(stem, language) -> None:
    app = open_page(stem, language)
    assert not app.exception, app.exception
    assert len(app.title) == 1, "a page has one title"
    assert has_chinese(app.title[0].value + app.markdown[0].value) == (language == "zh")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stem", STEMS)
def test_opens_on_a_full_store(stem, language, store) -> None:
    fill(store)
    app = open_page(stem, language)
    assert not app.exception, app.exception
    assert len(app.title) == 1, "a page has one title"


@pytest.mark.parametrize("status", ["done", "stopped", "failed", "running", "paused", "queued"])
def test_the_live_page_shows_a_run_of_any_status(status, store) -> None:
    app = open_page("live", run=fill(store)[status])
    assert not app.exception, app.exception


@pytest.mark.parametrize("run_id", ["../../etc/passwd", "<script>alert(1)</script>", "0123456789ab", "' OR 1=1 --", "a" * 5000])
@pytest.mark.parametrize("language", LANGUAGES)
def test_an_id_that_names_no_run_gets_a_message_and_a_way_on(run_id, language) -> None:
    app = open_page("live", language, run=run_id)
    assert not app.exception, app.exception
    assert translate("There is no run {run_id!r} here. Open the list of runs and choose one.", language)[:4] in texts(app)
    assert len(app.page_link) > len(STEMS), "beside the menu a link leads on"


def test_no_page_loads_what_only_workers_need(home) -> None:
    script = ALL_PAGES.format(paths=[str(ROOT)], stems=STEMS, heavy=HEAVY)
    environment = {**os.environ, "PLAYGROUND_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [], "the UI process must stay free of these"


def test_every_page_file_is_in_the_menu() -> None:
    files = {str(path.relative_to(ROOT)) for path in (ROOT / "pages").glob("*/*.py") if path.parent.name != "_ui"}
    assert files == {entry.path for entry in menu.MENU} | {menu.UNKNOWN}
    assert not list((ROOT / "pages").glob("*.py")), "Streamlit would take these for pages of its own"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("stem", "num_places"), [("attention", 1), ("heads", 2), ("switch_off", 2)])
def test_a_page_about_networks_opens_on_a_recorded_answer(stem, num_places, language, store, monkeypatch) -> None:
    monkeypatch.setattr(client, "ensure_engine", lambda *_: None)
    said = texts(open_page(stem, language))
    assert said.count(translate("Recorded earlier, until the model answers.", language)) == num_places
