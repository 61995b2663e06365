"""Starts workers quickly: from a server that has torch imported and forks, or from a spare that waits with it loaded."""

import logging
import multiprocessing
import multiprocessing.connection
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol

from ssl_core.engine.worker import main as lead_run

UNSEEN_EXIT = 255
"""The exit code of a process whose fork server is gone: nobody saw how it ended, or it has not ended at all."""

PRELOADED = "ssl_core.engine.preload"
SOURCE_ROOT = Path(__file__).parents[2]
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmUp:
    """What the first child found: is everything loaded already, and where will it compute."""

    is_preloaded: bool
    device: str


class Launcher(Protocol):
    """Starts processes of one kind."""

    def warm_up(self) -> WarmUp:
        """Load everything a worker needs; takes seconds and blocks."""

    def launch(self, run_id: str, holder: str) -> BaseProcess:
        """Start a worker on a run that ``holder`` has claimed."""

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        """Start another process that works beside the runs."""

    def break_off(self) -> None:
        """Make whatever of the above goes on in another thread and hangs raise an error."""


class ForkserverLauncher:
    """Forks each worker from a server that has imported everything and done nothing else."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload([PRELOADED])

    def warm_up(self) -> WarmUp:
        """Start the server and ask a first child what it finds loaded."""
        return _ask(self._context, self.start)

    def launch(self, run_id: str, holder: str) -> BaseProcess:
        """Fork a worker."""
        return self.start(lead_run, run_id, holder)

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        """Fork a process."""
        return started(self._context.Process(target=target, args=arguments))

    def break_off(self) -> None:
        """End the fork server: who waits for it gets an EOFError, and the next start makes a new one."""
        end_fork_server()


class SpareLauncher:
    """Keeps one fresh process waiting with everything imported, for systems that can't fork safely."""

    def __init__(self) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._spare: tuple[BaseProcess, Any] | None = None
        self._asked: BaseProcess | None = None

    def warm_up(self) -> WarmUp:
        """Import everything once to learn about the machine, and keep a spare waiting."""
        found = _ask(self._context, self._start_asked, loads=True)
        self._renew()
        return found

    def launch(self, run_id: str, holder: str) -> BaseProcess:
        """Give the run to the waiting process and start the next one."""
        if self._spare is None or not self._spare[0].is_alive():
            self._renew()
        assert self._spare is not None, "renewed just now"
        process, errand = self._spare
        errand.send((run_id, holder))
        errand.close()
        self._renew()
        return process

    def start(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        """Start a fresh process."""
        return started(self._context.Process(target=target, args=arguments))

    def break_off(self) -> None:
        """End the process that is asked about the machine: no other start waits for what it starts."""
        if self._asked is not None:
            self._asked.kill()

    def _start_asked(self, target: Callable[..., None], *arguments: Any) -> BaseProcess:
        self._asked = self.start(target, *arguments)
        return self._asked

    def _renew(self) -> None:
        theirs, ours = self._context.Pipe(duplex=False)
        self._spare = (self.start(_wait_for_errand, theirs), ours)
        theirs.close()


def started(process: BaseProcess) -> BaseProcess:
    """Start a process that one thread starts and another one looks after.

    ``multiprocessing`` looks at all it started whenever it starts another; of two threads that read one exit code from a
    fork server's pipe the second gets 255. So it forgets this one, and only who looks after it asks how it is.
    """
    process.start()
    children: set[BaseProcess] = multiprocessing.process._children  # type: ignore[attr-defined]
    children.discard(process)
    return process


def end_fork_server() -> None:
    """Kill this process's fork server, if there is one.

    What it forked lives on, but how that ends is seen by nobody any more (``UNSEEN_EXIT``).
    """
    from multiprocessing import forkserver  # not everywhere

    server: Any = forkserver._forkserver
    if (pid := server._forkserver_pid) is not None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def best_launcher() -> Launcher:
    """Return the fastest way to start workers on this system."""
    root = str(SOURCE_ROOT)
    known = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    if root not in known:  # the fork server looks for what it preloads before anybody tells it the path
        os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, known)])
    if sys.platform == "linux":
        return ForkserverLauncher()
    return SpareLauncher()


def _ask(context: Any, start: Callable[..., BaseProcess], *, loads: bool = False) -> WarmUp:
    ours, theirs = context.Pipe(duplex=False)
    process = start(_report, theirs, loads)
    theirs.close()
    try:
        if ours not in multiprocessing.connection.wait([ours, process.sentinel]):  # its fork server is gone, and it may hang
            raise EOFError
        found: WarmUp = ours.recv()
    except EOFError:
        process.kill()
        raise
    finally:
        process.join()
    return found


def _report(answer: "Connection[WarmUp, None]", loads: bool) -> None:
    is_preloaded = PRELOADED in sys.modules  # before anything below can load it
    from ssl_core.engine import preload

    preload.get_measured()
    with suppress(BrokenPipeError):  # the engine was ended in the meantime
        answer.send(WarmUp(is_preloaded=is_preloaded or loads, device=preload.device_name()))


def _wait_for_errand(errands: "Connection[None, tuple[str, str]]") -> None:
    from ssl_core.engine import preload  # noqa: F401  loads what a run needs

    try:
        run_id, holder = errands.recv()
    except EOFError:  # the engine ended before there was anything to do
        return
    lead_run(run_id, holder)
