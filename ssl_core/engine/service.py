"""The engine as a process: at most one for each PLAYGROUND_HOME."""

import os
import signal
import sys

from filelock import FileLock, Timeout

from ssl_core import paths
from ssl_core.engine import other_code
from ssl_core.engine.launcher import best_launcher
from ssl_core.engine.output import logged_to
from ssl_core.engine.settings import EngineSettings, prepare_threads
from ssl_core.engine.supervisor import Supervisor
from ssl_core.runs.store import RunStore


def serve(*, also_terminal: bool = False) -> bool:
    """Be the engine until idle for long; False at once if another one lives.

    Raises: UserError if the environment holds a setting that makes no sense.
    """
    settings = EngineSettings.from_environment()
    lock = FileLock(paths.home() / "engine.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return False
    other_code.own_code()  # now, while the files are those that were loaded
    prepare_threads()
    supervisor = Supervisor(RunStore(), best_launcher(), settings)

    def stop(*_signal: object) -> None:
        supervisor.is_stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    with logged_to(paths.home() / "logs" / "engine.log", also_terminal=also_terminal):
        supervisor.run()
    sys.stdout.flush()
    lock.release()
    os._exit(0)  # workers may go on without us: the ordinary exit would wait for them
