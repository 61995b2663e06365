"""What the app knows of the engine: is one alive, what does it do, and how to start one. Needs no torch."""

import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from sqlalchemy.exc import OperationalError

from ssl_core import paths
from ssl_core.engine.launcher import SOURCE_ROOT
from ssl_core.engine.other_code import SentAway
from ssl_core.engine.output import MAX_LOG_BYTES
from ssl_core.engine.processes import ProcessMark
from ssl_core.errors import UserError
from ssl_core.runs import patience, unusable
from ssl_core.runs.held import Row
from ssl_core.runs.store import RunStore

FRESH_S = 10.0  # an engine on another machine counts as alive this long after its last word
LOOK_EVERY_S = 0.25  # a look takes 0.6 ms
PATIENCE_S = 5.0  # between two starts by this process
HUNG_S = 20.0  # an engine that lives but says nothing for this long is ended
WANTED_EVERY_S = 10.0
WANTED_PATIENCE_S = 0.5
MOST_PATIENCE_S = 60.0  # between two starts of an engine that always ends at once with an error
NUM_TRIES = 3  # so often it may end so before it is called broken
if sys.platform == "win32":
    DETACHED = subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP
else:
    DETACHED = 0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineState:
    """What the sidebar shows."""

    state: str  # "absent", "broken", "starting", "idle", "running", or "paused": all that was started waits for its resume
    device: str
    queue_length: int
    num_running: int
    num_paused: int = 0
    log: str = ""  # where an engine that can't start says why


@dataclass(slots=True)
class _Started:
    """What this process started last."""

    process: subprocess.Popen[bytes] | None = None
    at: float = float("-inf")
    num_failures: int = 0  # in a row, of engines that ended by themselves with an error
    wanted_at: float = float("-inf")
    watcher: threading.Thread | None = None
    sent_away: SentAway = field(default_factory=SentAway)


_started = _Started()
_lock = threading.Lock()


def ensure_engine(store: RunStore | None = None) -> None:
    """Start an engine in the background if none is alive, and say that somebody is here; cheap when one is.

    One of other code is sent away, see ``other_code``; the next call, or the watch, finds it gone and starts the next one.
    ``PLAYGROUND_ENGINE=off`` keeps it from starting one, for tests and for engines that are run by hand.
    """
    store = store or RunStore()
    row = store.engine_row()
    if row is not None and _is_alive(row):
        if not _is_leaving(row) and time.monotonic() - _started.wanted_at > WANTED_EVERY_S:
            _started.wanted_at = time.monotonic()
            _say_wanted(store)
        return
    _start()


def _say_wanted(store: RunStore) -> None:
    try:
        with patience.of(WANTED_PATIENCE_S):
            store.want_engine()
    except OperationalError as reason:  # no page breaks for that; it is said again soon
        log.warning("the engine could not be told that somebody is here: %s", reason.orig)


def engine_state(store: RunStore | None = None) -> EngineState:
    """Return what the engine does right now."""
    store = store or RunStore()
    row = store.engine_row()
    counts = store.counts()
    is_sent_away = row is not None and row["process"] == _started.sent_away.process
    state = str(row["state"]) if row is not None and _is_alive(row) and not is_sent_away else "absent"
    if state == "absent" and _started.num_failures >= NUM_TRIES:
        state = "broken"
    elif state == "absent" and (is_sent_away or time.monotonic() - _started.at < PATIENCE_S):
        state = "starting"
    num_running, num_paused = counts.get("running", 0), counts.get("paused", 0)
    if state == "running" and num_paused and not num_running:
        state = "paused"
    return EngineState(
        state=state,
        log=str(_output_file()) if state == "broken" else "",
        device=str(row["device"]) if row is not None else "",
        queue_length=counts.get("queued", 0),
        num_running=num_running,
        num_paused=num_paused,
    )


def watch_engine(interval_s: float = LOOK_EVERY_S) -> None:
    """Start one thread in this process that replaces an engine that was killed, hangs or is of other code.

    One that went in peace, after an idle while, is replaced as soon as there is something to do, or by ``ensure_engine``.
    """
    if _is_off():  # an engine that is run by hand is not ours to look after
        return
    with _lock:
        if _started.watcher is None or not _started.watcher.is_alive():
            _started.watcher = threading.Thread(target=_watch, args=(interval_s,), name="engine watch", daemon=True)
            _started.watcher.start()


@dataclass(slots=True)
class EngineWatch:
    """Looks after the engine from outside."""

    last_word: float = 0.0
    heard_at: float = float("-inf")
    said: str = ""

    def try_to_look(self) -> None:
        """Look once; what stands in the way is told once, not at every look."""
        try:
            self.look(RunStore())
            self.said = ""
        except (UserError, psutil.AccessDenied, *unusable.TROUBLES) as reason:
            trouble = str(unusable.of_store(reason) or reason)
            if trouble != self.said:
                log.warning("the engine can't be looked after: %s", trouble)
            self.said = trouble

    def look(self, store: RunStore) -> None:
        """Look once: start an engine where one is missing, end one that lives but says nothing."""
        row, now = store.engine_row(), time.monotonic()
        if row is None or not _is_alive(row):
            is_peaceful = row is not None and row["state"] == "ended" and row["process"] != _started.sent_away.process
            if not is_peaceful or any(store.counts().get(status) for status in ("queued", "running", "paused")):
                _start()
        elif _is_leaving(row):
            return
        elif row["heartbeat_at"] != self.last_word:
            self.last_word, self.heard_at = row["heartbeat_at"], now
        elif now - self.heard_at > HUNG_S / 2 and not store.can_write():
            self.heard_at = time.monotonic()  # nobody can write, so that its silence says nothing
        elif now - self.heard_at > HUNG_S:
            mark = ProcessMark.parse(row["process"])
            if mark is not None and mark.is_here:
                mark.kill()
                log.warning("the engine %s was silent and has been ended", mark)


def _watch(interval_s: float) -> None:
    watch = EngineWatch()
    while True:
        watch.try_to_look()
        time.sleep(interval_s)


def _is_off() -> bool:
    return os.environ.get("PLAYGROUND_ENGINE", "").lower() == "off"


def _is_leaving(row: Row) -> bool:
    with _lock:
        return not _is_off() and _started.sent_away.look(row)


def _is_alive(row: Row | None) -> bool:
    if row is None or row["state"] == "ended":
        return False
    mark = ProcessMark.parse(row["process"])
    if mark is None or not mark.is_here:
        return bool(time.time() - row["heartbeat_at"] < FRESH_S)
    return mark.is_alive()


def _start() -> None:
    """Start an engine, detached; where two do so at once, the second engine ends by itself."""
    if _is_off():
        return
    with _lock:
        if _started.process is not None and _started.process.poll() is None and time.monotonic() - _started.at < PATIENCE_S:
            return
        if time.monotonic() - _started.at < min(2.0**_started.num_failures, MOST_PATIENCE_S):
            return  # it ended at once: no use in trying faster
        has_failed = _started.process is not None and (_started.process.poll() or 0) > 0  # by itself: a signal is below 0
        _started.num_failures = _started.num_failures + 1 if has_failed else 0
        output = _output_file()
        output.parent.mkdir(parents=True, exist_ok=True)
        is_large = output.exists() and output.stat().st_size > MAX_LOG_BYTES
        environment = os.environ | {"PLAYGROUND_HOME": str(paths.home()), "PYTHONPATH": _python_path()}
        with output.open("wb" if is_large else "ab") as file:
            _started.process = subprocess.Popen(
                [sys.executable, "-m", "ssl_core.engine"],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                env=environment,
                cwd=paths.home(),
                start_new_session=True,  # the terminal's Ctrl-C is for the app alone
                creationflags=DETACHED,
            )
        _started.at = time.monotonic()


def _output_file() -> Path:
    return paths.home() / "logs" / "engine-output.log"


def _python_path() -> str:
    return os.pathsep.join([str(SOURCE_ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
