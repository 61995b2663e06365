"""What tests of commands share that train in the process of the tests."""

import pytest


@pytest.fixture
def one_thread(shared_cache, monkeypatch):
    """Train on one thread; what a command sets for its threads is gone after the test."""
    for name, value in (("OMP_NUM_THREADS", "1"), ("OMP_WAIT_POLICY", "passive"), ("TOKENIZERS_PARALLELISM", "false")):
        monkeypatch.setenv(name, value)
