"""Processes that work for another one and end with it, however it ends: also where it is killed and can tell nobody.

A child's input is a pipe that its parent alone holds open. When the parent is gone the system closes it, on every platform, and
the child, whose one thread waits for that, ends at once. What outlives its parent on purpose, the engine and its workers, does
not begin here.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

_SOURCE_ROOT = str(Path(__file__).parents[1])
_INPUT = 0
_MARK = "PLAYGROUND_CHILD"
ORPHANED_EXIT = 76


def start(
    module: str, *arguments: str, told: str = "", environment: Mapping[str, str] | None = None, is_silent: bool = True
) -> "subprocess.Popen[bytes]":
    """Start ``python -m module``; keep the result for as long as the child is to live.

    ``told`` is one line that ``end_with_parent`` returns in the child. ``environment`` is added to ours. What a silent child
    prints is dropped, what another prints goes where ours does.
    """
    assert "\n" not in told, "a child is told one line"
    python_path = os.pathsep.join([_SOURCE_ROOT, *filter(None, [os.environ.get("PYTHONPATH")])])
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL if is_silent else None,
        stderr=subprocess.DEVNULL if is_silent else None,
        env=os.environ | {"PYTHONPATH": python_path, _MARK: "1"} | dict(environment or {}),
        start_new_session=os.name == "posix",  # the terminal's Ctrl-C is for the parent alone
    )
    assert process.stdin is not None, "its input is a pipe"
    with suppress(BrokenPipeError):  # it ended at once; its exit code tells
        process.stdin.write(f"{told}\n".encode())
        process.stdin.flush()
    return process


def end_with_parent() -> str:
    """Return what the parent told this process, which ends from now on as soon as the parent does.

    To be called first of all in what ``start`` starts; in a process that a person started from a terminal it does nothing.
    """
    if os.environ.pop(_MARK, "") != "1":
        return ""
    told = b""
    while (one := os.read(_INPUT, 1)) not in (b"\n", b""):  # not by sys.stdin, whose lock would be held for ever
        told += one
    threading.Thread(target=_wait_for_end, name="ends with its parent", daemon=True).start()
    return told.decode()


def _wait_for_end() -> None:
    with suppress(OSError):
        while os.read(_INPUT, 1024):
            pass
    os._exit(ORPHANED_EXIT)
