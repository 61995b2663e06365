"""A real server with its own empty home and a real browser, for the benchmarks that look from the outside."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from playwright.sync_api import Browser, sync_playwright

from ssl_core.engine import client

ROOT = Path(__file__).parent.parent
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


@contextmanager
def server() -> Iterator[str]:
    """Start the app on a free port with a warm engine and an empty home; give its address."""
    folder = tempfile.mkdtemp(prefix="playground-benchmark-")
    os.environ["PLAYGROUND_HOME"] = folder
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port), "--server.headless", "true"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_until(lambda: _answers(address), 60, "the server does not answer")
        client.ensure_engine()
        _wait_until(lambda: client.engine_state().state == "idle", 120, "the engine does not get warm")
        _wait_until(_is_quiet, 180, "the engine is still preparing texts")
        yield address
    finally:
        for each in _of_this_home(folder):
            each.kill()
        process.terminate()
        process.wait(10)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def browser() -> Iterator[Browser]:
    """Start Chromium."""
    found = os.environ.get("PLAYGROUND_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("No Chromium found: install it, or name it in PLAYGROUND_CHROMIUM.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=list(FLAGS))
        yield started
        started.close()


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


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


def _wait_until(is_true: object, seconds: float, problem: str) -> None:
    until = time.monotonic() + seconds
    while not is_true():  # type: ignore[operator]
        if time.monotonic() > until:
            raise SystemExit(problem)
        time.sleep(0.2)
