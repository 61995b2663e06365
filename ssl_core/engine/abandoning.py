"""Forked processes and who forked them: nothing is left behind when an engine is killed but the runs it began."""

import os
import sys
import threading
import time
from typing import Any

from ssl_core.engine.processes import ProcessMark

LOOK_EVERY_S = 1.0


def let_server_go() -> None:
    """To be called in a forked process: stop keeping the fork server alive, so that it ends with its engine.

    Each fork is given the pipe by which the server sees whether anybody is left who may want another fork. A run that outlives
    its engine for hours would else keep a process with all of torch beside it. In the process that started the server it does
    nothing: closed there, the pipe would end the server, and ``multiprocessing`` could never start another one.
    """
    if sys.platform != "linux":
        return
    from multiprocessing import forkserver

    server: Any = forkserver._forkserver
    is_its_owner = server._forkserver_pid is not None
    if server._forkserver_alive_fd is not None and not is_its_owner:
        os.close(server._forkserver_alive_fd)
        server._forkserver_alive_fd = None


def end_with(holder: str) -> None:
    """Have this process end as soon as ``holder`` (a process mark) is gone, whatever it is doing then.

    A forked process can't tell by a pipe, as those of ``ssl_core.child`` do: its parent is the fork server.
    """
    threading.Thread(target=_wait_for_end, args=(ProcessMark.parse(holder),), name="ends with its engine", daemon=True).start()


def _wait_for_end(holder: ProcessMark | None) -> None:
    while holder is not None and (not holder.is_here or holder.is_alive()):
        time.sleep(LOOK_EVERY_S)
    os._exit(0)  # its work is wanted by nobody; nothing went wrong
