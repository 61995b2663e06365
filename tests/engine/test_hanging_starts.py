"""Starts that hang or are lost: the run waits again, and the engine's turns go on meanwhile.

Limits are short here and double at each hang, so that a slow machine needs more tries, not luck.
"""

import sys
import threading
import time
from multiprocessing import forkserver

import psutil
import pytest

from ssl_core.engine.launcher import started
from tests.engine.fake_session import FakeLauncher
from tests.engine.submitted import failure, submit, wait_for, wait_for_worker
from tests.engine.waiting import wait_until

needs_fork = pytest.mark.skipif(sys.platform != "linux", reason="workers are forked on Linux only")


@needs_fork
def test_a_fork_server_that_hangs_and_dies_during_a_launch_costs_the_run_nothing(store, begin):
    forkserver._forkserver.ensure_running()
    server = psutil.Process(forkserver._forkserver._forkserver_pid)
    server.suspend()
    supervisor, _ = begin(start_again_s=0.0)
    run_id = submit(store, 5)
    wait_until(lambda: run_id in supervisor._starts.pending and store.engine_row(), "the launch has begun")
    for beat in range(3):
        before = store.engine_row()["heartbeat_at"]
        wait_until(lambda before=before: store.engine_row()["heartbeat_at"] > before, f"heartbeat {beat} while it hangs")
    assert store.engine_row()["state"] == "running"
    assert run_id in supervisor._starts.pending, "it hangs still"
    server.kill()  # now the launch ends with "EOFError: unexpected EOF"
    row = wait_for(store, run_id, "done")
    assert (row["attempt"], row["failure"]) == (1, None)


@needs_fork
def test_a_fork_server_that_hangs_is_replaced_and_the_run_goes_on_from_the_queue(store, begin, caplog):
    begin(start_again_s=0.0, launch_s=0.1, start_tries=20)
    other = submit(store)
    worker = wait_for_worker(store, other)
    server = psutil.Process(forkserver._forkserver._forkserver_pid)
    server.suspend()
    run_id = submit(store, 5)
    row = wait_for(store, run_id, "done")
    assert (row["attempt"], row["failure"]) == (1, None)
    assert f"{run_id}: nothing was started in 0.1 s; what should start it hangs and is ended" in caplog.text
    assert f"run {run_id}: no worker (TimeoutError()); it waits again" in caplog.text
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE
    before = store.record(other).metrics["step"][-1]
    wait_until(lambda: store.record(other).metrics["step"][-1] > before, "the other run goes on")
    assert store.row(other)["worker"] == str(worker)


@needs_fork
def test_a_fork_server_that_hangs_each_time_fails_the_run_with_a_clear_message(store, begin, monkeypatch):
    hangs = FakeLauncher.launch

    def launch_of_a_server_that_hangs(self, run_id, holder):
        forkserver._forkserver.ensure_running()
        psutil.Process(forkserver._forkserver._forkserver_pid).suspend()
        return hangs(self, run_id, holder)

    monkeypatch.setattr(FakeLauncher, "launch", launch_of_a_server_that_hangs)
    begin(start_again_s=0.0, launch_s=0.05)
    run_id = submit(store, 5)
    wait_for(store, run_id, "failed")
    assert "in 3 tries: each one hung" in failure(store, run_id)


def test_a_worker_that_never_takes_its_run_over_is_ended_and_replaced(store, begin, monkeypatch, caplog):
    launch, launched = FakeLauncher.launch, []

    def launch_one_that_hangs_first(self, run_id, holder):
        if launched:
            return launch(self, run_id, holder)
        launched.append(started(self._context.Process(target=_wait_for_long)))
        return launched[0]

    monkeypatch.setattr(FakeLauncher, "launch", launch_one_that_hangs_first)
    begin(start_again_s=0.0, launch_s=1.0, start_tries=20)
    run_id = submit(store, 5)
    row = wait_for(store, run_id, "done")
    assert (row["attempt"], row["failure"]) == (1, None)
    assert "did not take it over; it hangs and is ended" in caplog.text
    launched[0].join(timeout=60)
    assert not psutil.pid_exists(launched[0].pid) or psutil.Process(launched[0].pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.parametrize("num_hung", [1, 3])
def test_a_warm_up_that_hangs_is_broken_off_and_tried_again_a_few_times(begin, monkeypatch, num_hung):
    warm_up, broken_off, tries = FakeLauncher.warm_up, threading.Semaphore(0), []

    def warm_up_that_hangs(self):
        tries.append(1)
        if len(tries) > num_hung:
            return warm_up(self)
        broken_off.acquire()
        raise EOFError

    monkeypatch.setattr(FakeLauncher, "warm_up", warm_up_that_hangs)
    monkeypatch.setattr(FakeLauncher, "break_off", lambda self: broken_off.release())
    supervisor, _ = begin(launch_s=0.01)
    wait_until(lambda: supervisor._warm_up, "it goes on, warm or not")
    assert len(tries) == min(num_hung + 1, 3)
    assert supervisor._warm_up.is_preloaded == (num_hung < 3)


@needs_fork
def test_a_worker_lost_with_its_fork_server_before_it_took_the_run_over_is_replaced(store, begin, monkeypatch):
    launch, launched = FakeLauncher.launch, []

    def launch_one_that_waits_first(self, run_id, holder):
        if launched:
            return launch(self, run_id, holder)
        launched.append(started(self._context.Process(target=_wait_for_long)))
        return launched[0]

    monkeypatch.setattr(FakeLauncher, "launch", launch_one_that_waits_first)
    begin(start_again_s=0.0)
    run_id = submit(store, 5)
    wait_until(lambda: launched, "the first worker is there")
    psutil.Process(forkserver._forkserver._forkserver_pid).kill()
    psutil.Process(launched[0].pid).kill()
    assert wait_for(store, run_id, "done")["attempt"] == 1


def _wait_for_long():
    time.sleep(600)
