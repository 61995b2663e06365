"""A learner's file read in a process of its own, with limits of memory and time: whatever is in it, nobody else notices.

The process is told one line of JSON: what is asked, and the folder in which the file's bytes lie and its answer is awaited.
"""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssl_core import child
from ssl_core.corpora import formats, reading, uploads
from ssl_core.corpora.uploads import Preview
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_MEMORY_BYTES = 2**30
"""Twice what the largest files take that can be used (benchmarks/uploads.py)."""

MAX_SECONDS = 60
"""Of processor time, where the system can limit it."""

MAX_WAIT_S = 2.0 * MAX_SECONDS
SMALL_BYTES = 100_000
"""A file up to this size, Parquet aside, is read at once: it can't do harm, and a process takes longer to start."""

FILE, REPLY = "file", "reply.json"  # in the folder that the process is told

_AT_ONCE = threading.BoundedSemaphore(2)  # processes of this server; who comes third waits
_POLL_S = 0.05
_ADDRESS_ROOM = 2 * 2**30  # what is mapped but not used: libraries, stacks of threads


OnWait = Callable[[], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a file would become: its columns, where it has any; and a preview, or why there is none."""

    columns: tuple[str, ...] = ()
    text_column: str | None = None
    preview: Preview | None = None
    problem: UserError | None = None


def wait_quietly() -> None:
    """Let the time pass."""


def look(filename: str, data: bytes, text_column: str | None = None, on_wait: OnWait = wait_quietly) -> Look:
    """Look at a file without keeping it; ``on_wait`` is called while that takes time, and may break it off by raising."""
    try:
        reply = _asked({"keep": False, "filename": filename, "text_column": text_column}, data, on_wait)
    except UserError as error:
        return Look(problem=error)
    if (shown := reply["preview"]) is not None:
        shown = Preview(**shown | {name: tuple(shown[name]) for name in ("columns", "rows")})
    problem = UserError.from_json(reply["problem"]) if reply["problem"] else None
    return Look(columns=tuple(reply["columns"]), text_column=reply["text_column"], preview=shown, problem=problem)


def keep(filename: str, data: bytes, text_column: str | None = None, on_wait: OnWait = wait_quietly) -> str:
    """Keep a file's text and return its key.

    Raises: UserError if it can't be used or kept.
    """
    reply = _asked({"keep": True, "filename": filename, "text_column": text_column}, data, on_wait)
    if reply["problem"]:
        raise UserError.from_json(reply["problem"])
    return str(reply["key"])


def answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Read a file here and now, and say what came of it as plain JSON."""
    filename, text_column = asked["filename"], asked["text_column"]
    reply: dict[str, Any] = {"columns": [], "text_column": text_column, "preview": None, "problem": None, "key": None}
    try:
        reading.check_size(len(data))
        source = formats.read(filename, data)
        reply["columns"] = source.columns
        whole = reading.of_source(source, text_column)
        reply["text_column"] = whole.text_column
        if asked["keep"]:
            reply["key"] = uploads.keep_reading(filename, whole)
        else:
            reply["preview"] = uploads.preview_of(whole).to_json()
    except UserError as problem:
        reply["problem"] = problem.to_json()
    return reply


def _asked(asked: dict[str, Any], data: bytes, on_wait: OnWait) -> dict[str, Any]:
    reading.check_size(len(data))
    if formats.kind_of(asked["filename"]) != "parquet" and len(data) <= SMALL_BYTES:
        return answer(asked, data)
    until = time.monotonic() + MAX_WAIT_S
    while not _AT_ONCE.acquire(timeout=_POLL_S):
        on_wait()
        if time.monotonic() > until:
            raise UserError(N_("Other files are being read just now. Try again in a minute."))
    try:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, FILE).write_bytes(data)
            with _process(json.dumps({**asked, "folder": folder})) as process:
                _wait(process, on_wait)
            found: dict[str, Any] = json.loads(Path(folder, REPLY).read_text(encoding="utf-8"))
            return found
    except (FileNotFoundError, ValueError):  # it ended without an answer: the system took its memory away
        raise _too_heavy() from None
    finally:
        _AT_ONCE.release()


@contextmanager
def _process(told: str) -> "Iterator[subprocess.Popen[bytes]]":
    """Start a process that reads a file; it is gone when the block ends, however it ends."""
    process = child.start(__spec__.name, told=told)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()


def _wait(process: "subprocess.Popen[bytes]", on_wait: OnWait) -> None:
    until = time.monotonic() + MAX_WAIT_S
    while True:
        try:
            process.wait(_POLL_S)
            return
        except subprocess.TimeoutExpired:
            if time.monotonic() > until or _memory_of(process.pid) > MAX_MEMORY_BYTES:
                raise _too_heavy() from None
            on_wait()


def _memory_of(pid: int) -> int:
    """Return what a process holds in memory, for systems that know no limit for it."""
    import psutil

    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:  # it has just ended
        return 0


def _too_heavy() -> UserError:
    return UserError(
        N_(
            "Reading this file takes more than {seconds} seconds or {limit} MB of memory. Use a part of it, or save it as .txt."
        ),
        seconds=MAX_SECONDS,
        limit=MAX_MEMORY_BYTES // 2**20,
    )


def _limit() -> None:
    """Let this process have no more memory and processor time than it may, where the system knows such limits."""
    if hasattr(os, "nice"):
        os.nice(5)  # pages come first
    if sys.platform == "win32":  # there the one that waits looks at the memory
        return
    import resource

    for kind, most in (
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES + _ADDRESS_ROOM), (resource.RLIMIT_CPU, MAX_SECONDS), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def main(told: str) -> None:
    """Answer one question; ``told`` is what ``_asked`` says."""
    _limit()
    asked = json.loads(told)
    folder = Path(asked["folder"])
    try:
        reply = answer(asked, (folder / FILE).read_bytes())
    except MemoryError:
        reply = {"columns": [], "text_column": None, "preview": None, "key": None, "problem": _too_heavy().to_json()}
    (folder / REPLY).write_text(json.dumps(reply), encoding="utf-8")
    os._exit(0)  # taking apart what was read would take longer than reading it


if __name__ == "__main__":
    main(child.end_with_parent())
