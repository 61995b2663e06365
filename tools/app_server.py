"""The app on a free port, with a home of its own, and a Chromium: for pictures, tests in a browser and benchmarks."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
START_S = 60.0
CHROMIUM_NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1",  # nothing may leave this machine
)
NO_CHROMIUM = f"no Chromium: none of {', '.join(CHROMIUM_NAMES)} is on the PATH and PLAYGROUND_CHROMIUM is not set"


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A Streamlit server that is up."""

    url: str
    home: Path
    process: subprocess.Popen[bytes]
    log: Path


def start(
    folder: Path,
    *,
    script: Path = ROOT / "app.py",
    environment: dict[str, str] | None = None,
    options: tuple[str, ...] = (),
) -> Server:
    """Start a server with its home in ``folder/home``, and no engine unless ``environment`` asks for one; wait for it.

    It listens where ``.streamlit/config.toml`` says, this machine alone; ``options`` are more words for ``streamlit run``.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    command = [sys.executable, "-m", "streamlit", "run", str(script), "--server.port", str(port), "--server.headless", "true"]
    command += ["--server.fileWatcherType", "none", *options]
    all_of_it = {**os.environ, "PLAYGROUND_ENGINE": "off", **(environment or {}), "PLAYGROUND_HOME": str(folder / "home")}
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=all_of_it, stdout=output, stderr=subprocess.STDOUT)
    server = Server(url=f"http://127.0.0.1:{port}", home=folder / "home", process=process, log=log)
    deadline = time.monotonic() + START_S
    while not _answers(server.url):
        assert process.poll() is None, f"the server ended:\n{log.read_text(errors='replace')[-3000:]}"
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.1)
    return server


def stop(server: Server) -> None:
    """End a server."""
    server.process.terminate()
    try:
        server.process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait(timeout=20)


def chromium() -> str | None:
    """Return the path of a Chromium: PLAYGROUND_CHROMIUM, else the first that is on the PATH."""
    named = os.environ.get("PLAYGROUND_CHROMIUM")
    return named or next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
