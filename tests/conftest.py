"""What every test gets: a PLAYGROUND_HOME of its own, and no engine unless it asks for one."""

import os
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssl_core import paths
from ssl_core.engine.processes import ProcessMark
from ssl_core.i18n import set_language
from ssl_core.runs.store import RunStore

# between two tests, too, nothing may start an engine or touch the home of whoever runs the tests
os.environ["PLAYGROUND_ENGINE"] = "off"
os.environ["PLAYGROUND_HUB"] = "off"
os.environ["PLAYGROUND_HOME"] = tempfile.mkdtemp(prefix="playground-tests-")
os.environ.setdefault("OMP_NUM_THREADS", "1")  # tests go on side by side; small networks gain nothing by more


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch) -> Path:
    """An empty PLAYGROUND_HOME; English; nothing starts an engine by itself."""
    folder = tmp_path / "home"
    monkeypatch.setenv("PLAYGROUND_HOME", str(folder))
    monkeypatch.setenv("PLAYGROUND_ENGINE", "off")
    monkeypatch.setenv("PLAYGROUND_ENGINE_IDLE_S", "60")  # one that a test forgets is gone soon
    for name in ("PLAYGROUND_STORE_URL", "PLAYGROUND_WORKERS"):
        monkeypatch.delenv(name, raising=False)
    set_language("en")
    return paths.home()


@pytest.fixture(autouse=True)
def _same_main_module() -> Iterator[None]:
    """Streamlit's AppTest leaves its page as ``__main__``, and spawned processes would then start by running it."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture
def store(home) -> RunStore:
    """The run store of this test."""
    return RunStore()


@pytest.fixture(scope="session")
def _session_cache(tmp_path_factory) -> Path:
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return tmp_path_factory.mktemp("cache")
    shared = tmp_path_factory.getbasetemp().parent / "cache"  # all workers tokenise a corpus once
    shared.mkdir(exist_ok=True)
    return shared


@pytest.fixture
def shared_cache(home, _session_cache) -> Path:
    """Tokenised corpora are kept from one test to the next."""
    (home / "cache").symlink_to(_session_cache, target_is_directory=True)
    return _session_cache


@pytest.fixture(scope="session")
def small_text(tmp_path_factory) -> Path:
    """A text file of about 9,000 words in simple English sentences, the same on every machine."""
    path = tmp_path_factory.mktemp("text") / "small.txt"
    path.write_text("\n\n".join(_paragraphs(seed=0)), encoding="utf-8")
    return path


@pytest.fixture
def live_engine(home, monkeypatch):
    """Engines may start in this test; they and their workers are gone after it."""
    monkeypatch.delenv("PLAYGROUND_ENGINE")
    monkeypatch.setenv("PLAYGROUND_PREWARM", "0")
    monkeypatch.setenv("PLAYGROUND_ENGINE_IDLE_S", "120")
    yield
    monkeypatch.setenv("PLAYGROUND_ENGINE", "off")
    end_engine_and_workers(RunStore())


def end_engine_and_workers(store: RunStore) -> None:
    """Kill the engine of this home and every process that holds one of its runs."""
    row = store.engine_row()
    for text in [row["process"] if row else "", *(each["worker"] or "" for each in store.rows())]:
        mark = ProcessMark.parse(text)
        if mark is not None and mark.is_here and mark.pid != os.getpid():
            mark.kill()


def _paragraphs(seed: int) -> list[str]:
    """Sentences from a small grammar; the verb agrees with its subject, so that there is something to learn."""
    chooser = random.Random(seed)
    adjectives = ["small", "old", "red", "quiet", "happy", "tall", "young", "brave"]
    nouns = ["cat", "dog", "farmer", "teacher", "child", "river", "garden", "house", "bird", "king"]
    verbs = {"sees": "see", "likes": "like", "finds": "find", "helps": "help", "watches": "watch", "hears": "hear"}
    ends = ["in the morning", "every day", "near the old bridge", "after the rain", "with great care", "again and again"]

    def sentence() -> str:
        is_plural = chooser.random() < 0.5
        singular, plural = chooser.choice(list(verbs.items()))
        subject = f"{chooser.choice(adjectives)} {chooser.choice(nouns)}{'s' if is_plural else ''}"
        thing = f"{chooser.choice(adjectives)} {chooser.choice(nouns)}"
        return f"The {subject} {plural if is_plural else singular} the {thing} {chooser.choice(ends)}."

    return [" ".join(sentence() for _ in range(3)) for _ in range(300)]
