"""A warm engine with its own empty home, a real server and a real browser, for the benchmarks that look from the outside."""

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from ssl_core.engine import client
from tools import app_server


@contextmanager
def server() -> Iterator[str]:
    """Start the app on a free port with a warm engine and an empty home; give its address."""
    with served() as started:
        yield started.url


@contextmanager
def served() -> Iterator[app_server.Server]:
    """Start the app like ``server``, and give all that is known of it."""
    with _empty_folder() as folder:
        started = app_server.start(folder, environment={"PLAYGROUND_ENGINE": "on"})
        try:
            with _warm_engine(started.home):
                yield started
        finally:
            app_server.stop(started)


@contextmanager
def engine() -> Iterator[None]:
    """Start a warm engine with an empty home, and no app."""
    with _empty_folder() as folder, _warm_engine(folder / "home"):
        yield


@contextmanager
def _empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="playground-benchmark-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _warm_engine(home: Path) -> Iterator[None]:
    """Make ``home`` this process's own, wait for its engine to be warm and still, and end all that it started."""
    os.environ["PLAYGROUND_HOME"] = str(home)
    try:
        client.ensure_engine()
        _wait_until(lambda: client.engine_state().state == "idle", 120, "the engine does not get warm")
        _wait_until(_is_quiet, 180, "the engine is still preparing texts")
        yield
    finally:
        for each in _of_this_home(str(home)):
            each.kill()


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    found = app_server.chromium()
    if found is None:
        raise SystemExit(app_server.NO_CHROMIUM)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(app_server.CHROMIUM_ARGUMENTS))
        yield started
        started.close()


def _is_quiet() -> bool:
    """Return whether the engine's processes use no processor time for a second: the presets' texts are ready."""
    before = _engine_seconds()
    time.sleep(1)
    return _engine_seconds() - before < 0.1


def _engine_seconds() -> float:
    total = 0.0
    for each in _of_this_home(os.environ["PLAYGROUND_HOME"]):
        try:
            total += sum(each.cpu_times()[:2])
        except psutil.Error:  # it ended in between
            continue
    return total


def _of_this_home(folder: str) -> list[psutil.Process]:
    """Return the engine's processes that keep their things in ``folder``."""
    found = []
    for each in psutil.process_iter():
        try:
            if each.environ().get("PLAYGROUND_HOME") == folder and "streamlit" not in " ".join(each.cmdline()):
                found.append(each)
        except psutil.Error:  # not ours, or gone
            continue
    return [each for each in found if each.pid != os.getpid() and "benchmarks" not in " ".join(each.cmdline())]


def _wait_until(is_true: Callable[[], bool], seconds: float, problem: str) -> None:
    until = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > until:
            raise SystemExit(problem)
        time.sleep(0.2)
