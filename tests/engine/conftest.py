"""An engine's turns in a thread of the test's own process."""

import threading

import pytest

from ssl_core.engine.settings import EngineSettings
from ssl_core.engine.supervisor import Supervisor
from tests.conftest import end_engine_and_workers
from tests.engine.fake_session import FakeLauncher


@pytest.fixture
def begin(store):
    """Start supervisors, each in a thread; all are gone after the test."""
    begun = []

    def begin_one(**settings):
        defaults = {"num_workers": 2, "idle_s": 600.0, "prewarms": False, "look_around_s": 0.1}
        supervisor = Supervisor(store, FakeLauncher(), EngineSettings(**(defaults | settings)))
        thread = threading.Thread(target=supervisor.run)
        thread.start()
        begun.append((supervisor, thread))
        return supervisor, thread

    yield begin_one
    for supervisor, thread in begun:
        supervisor.is_stopping = True
        thread.join()
    end_engine_and_workers(store)
