"""Whatever we start to work for us ends with us, also where we are killed."""

import ast
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from ssl_core import child
from tests.engine.waiting import wait_until

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "ssl_core").rglob("*.py")) + sorted((ROOT / "pages").rglob("*.py"))
MAY_START = {
    "ssl_core/child.py",
    "ssl_core/engine/client.py",  # the engine outlives the app on purpose
    "ssl_core/models/processor.py",  # asks macOS for the processor's name and waits for it
}
STARTED_BY_CHILD = sorted(path for path in SOURCES if "child.start(" in path.read_text(encoding="utf-8"))

CHILD = """
import sys, time
from ssl_core import child

if __name__ == "__main__":
    print(child.end_with_parent(), *sys.argv[1:], flush=True)
    time.sleep(600)
"""
PARENT = """
import time
from ssl_core import child

kept = child.start("a_child", "more", told="a line, 一行", is_silent=False)
print(kept.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def killed():
    """Processes that a test leaves are gone after it."""
    pids = []
    yield pids
    for pid in pids:
        if psutil.pid_exists(pid):
            psutil.Process(pid).kill()


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_child_ends_when_its_parent_is_killed(tmp_path, killed, how):
    (tmp_path / "a_child.py").write_text(CHILD)
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, env=environment, text=True)
    pid = int(parent.stdout.readline())
    killed.append(pid)
    assert parent.stdout.readline() == "a line, 一行 more\n"
    assert not is_gone(pid)
    parent.send_signal(how)
    parent.wait()
    wait_until(lambda: is_gone(pid), "the child is gone")
    parent.stdout.close()


def test_a_child_that_is_done_ends_well_while_its_parent_lives(tmp_path, monkeypatch):
    (tmp_path / "a_child.py").write_text(CHILD.replace("time.sleep(600)", "pass"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert child.start("a_child").wait(timeout=60) == 0


def test_a_process_of_a_terminal_asks_for_no_line(tmp_path):
    program = "from ssl_core import child; print(repr(child.end_with_parent()))"
    asked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert asked.stdout == "''\n"


def test_nobody_starts_a_process_by_other_ways():
    calls = {"Popen", "run", "call", "check_call", "check_output", "fork", "spawnv", "system"}
    found = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in calls
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id in ("subprocess", "os")
    }
    assert found == MAY_START


@pytest.mark.parametrize("path", STARTED_BY_CHILD, ids=lambda path: path.stem)
def test_what_is_started_ends_with_its_parent(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = next(node for node in tree.body if isinstance(node, ast.If) and "__main__" in ast.unparse(node.test))
    assert "child.end_with_parent()" in ast.unparse(own), "called where it begins"
