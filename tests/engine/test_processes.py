import dataclasses
import os
import signal
import subprocess
import sys

import psutil
import pytest

from ssl_core.engine.processes import ProcessMark, mark_of
from tests.engine.waiting import wait_until


@pytest.fixture
def sleeper():
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def test_a_mark_comes_back_from_its_text():
    mark = mark_of("worker")
    again = ProcessMark.parse(str(mark))
    assert (again.host, again.pid, again.role) == (mark.host, os.getpid(), "worker")
    assert again.is_alive()
    assert again.is_here


def test_a_host_may_have_colons_in_its_name():
    assert ProcessMark.parse("fe80::1:12:1.50:engine").host == "fe80::1"


@pytest.mark.parametrize("text", ["", "x", "a:b:c:d", "host:1:2", "host:1:when:worker"])
def test_other_text_is_no_mark(text):
    assert ProcessMark.parse(text) is None


def test_a_process_that_ended_is_not_alive_even_before_it_is_collected(sleeper):
    mark = mark_of("worker", sleeper.pid)
    assert mark.is_alive()
    sleeper.send_signal(signal.SIGKILL)
    wait_until(lambda: psutil.Process(sleeper.pid).status() == psutil.STATUS_ZOMBIE, "it is a zombie")
    assert not mark.is_alive()
    sleeper.wait()
    assert not mark.is_alive()


def test_another_process_with_the_same_number_is_not_mistaken_for_it(sleeper):
    mark = dataclasses.replace(mark_of("worker", sleeper.pid), started_at=1000.0)
    assert not mark.is_alive()
    mark.kill()
    assert sleeper.poll() is None, "and is left alone"
