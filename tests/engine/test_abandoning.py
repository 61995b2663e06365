"""An engine that is killed leaves nothing behind but the runs it began: neither its fork server nor its analyst."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import get_context
from pathlib import Path

import psutil
import pytest

from ssl_core.engine import abandoning
from tests.engine.waiting import wait_until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked from a server on Linux only")
ENGINE = """
import time
from multiprocessing import forkserver, get_context
from ssl_core.engine.processes import mark_of
from tests.engine.test_abandoning import answer, train

if __name__ == "__main__":
    context = get_context("forkserver")
    worker = context.Process(target=train)
    analyst = context.Process(target=answer, args=(str(mark_of("engine")),))
    worker.start()
    analyst.start()
    print(forkserver._forkserver._forkserver_pid, worker.pid, analyst.pid, flush=True)
    time.sleep(600)
"""


def train():
    """Do as a worker does."""
    abandoning.let_server_go()
    os.setsid()
    time.sleep(600)


def answer(holder):
    """Do as an analyst does in the middle of a long answer."""
    abandoning.let_server_go()
    abandoning.end_with(holder)
    time.sleep(600)


def is_gone(pid):
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_who_started_the_fork_server_can_start_processes_after_letting_go():
    context = get_context("forkserver")
    for _ in range(2):
        process = context.Process(target=os.getpid)
        process.start()
        process.join()
        assert process.exitcode == 0
        abandoning.let_server_go()  # as a test does that leads a run in its own process


def test_a_killed_engine_leaves_its_runs_and_nothing_else(tmp_path):
    program = tmp_path / "engine.py"
    program.write_text(ENGINE)
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])}
    engine = subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, env=environment, text=True)
    server, worker, analyst = (int(each) for each in engine.stdout.readline().split())
    try:
        engine.send_signal(signal.SIGKILL)
        engine.wait()
        wait_until(lambda: is_gone(analyst), "the analyst is gone, although it is busy")
        wait_until(lambda: is_gone(server), "the fork server is gone, although a run goes on")
        assert not is_gone(worker)
    finally:
        for pid in (server, worker, analyst):
            if not is_gone(pid):
                os.kill(pid, signal.SIGKILL)
        engine.stdout.close()
