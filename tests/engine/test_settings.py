import os

import pytest

from ssl_core.engine import settings
from ssl_core.engine.settings import EngineSettings
from ssl_core.errors import UserError


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch):
    for name in (
        "OMP_NUM_THREADS",
        "PLAYGROUND_THREADS",
        *settings.WAITING,
        "OPENBLAS_NUM_THREADS",
        "TOKENIZERS_PARALLELISM",
        "PLAYGROUND_PREWARM",
        "ONEDNN_PRIMITIVE_CACHE_CAPACITY",
    ):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (3, 2), (4, 2), (8, 4), (64, 32)])
def test_runs_at_once_follow_from_the_machine_alone(monkeypatch, cores, workers):
    monkeypatch.setattr(settings, "num_cores", lambda: cores)
    assert settings.num_workers() == workers


def test_the_environment_says_otherwise(monkeypatch):
    monkeypatch.setenv("PLAYGROUND_WORKERS", "5")
    monkeypatch.setenv("PLAYGROUND_PREWARM", "0")
    found = EngineSettings.from_environment()
    assert (found.num_workers, found.prewarms) == (5, False)


@pytest.mark.parametrize("text", ["many", "0", "-1", "nan"])
def test_a_number_that_makes_no_sense_is_told(monkeypatch, text):
    monkeypatch.setenv("PLAYGROUND_WORKERS", text)
    with pytest.raises(UserError, match="PLAYGROUND_WORKERS"):
        EngineSettings.from_environment()


def test_waiting_threads_do_not_spin_for_long():
    settings.prepare_threads()
    assert os.environ["OMP_WAIT_POLICY"] == "passive"
    assert int(os.environ["GOMP_SPINCOUNT"]) <= 1000, "by default 300,000: two runs of two threads on two cores stand still"
    assert os.environ["OMP_NUM_THREADS"] == "1"
    assert os.environ["TOKENIZERS_PARALLELISM"] == "false"


@pytest.mark.parametrize("name", settings.WAITING)
def test_who_says_how_threads_wait_means_it(monkeypatch, name):
    monkeypatch.setenv(name, "asked for")
    settings.prepare_threads()
    assert {each: os.environ.get(each) for each in settings.WAITING} == {**dict.fromkeys(settings.WAITING), name: "asked for"}


def test_threads_are_left_to_the_runs_unless_the_environment_names_them(monkeypatch):
    for _ in range(2):  # in the engine, and again in a process that inherits its environment
        settings.prepare_threads()
        assert settings.given_threads() is None
    monkeypatch.delenv("PLAYGROUND_THREADS")
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    for _ in range(2):
        settings.prepare_threads()
        assert (settings.given_threads(), os.environ["OMP_NUM_THREADS"]) == (3, "3")


@pytest.mark.parametrize("text", ["many", "0", "-1", "nan", "2.5", "65"])
def test_a_number_of_threads_that_makes_no_sense_is_told(monkeypatch, text):
    monkeypatch.setenv("OMP_NUM_THREADS", text)
    with pytest.raises(UserError, match="OMP_NUM_THREADS"):
        settings.given_threads()


def test_few_products_are_kept_for_batches_that_do_not_come_again(monkeypatch):
    settings.prepare_threads()
    assert int(os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"]) <= 64, "by default there are 1,024, some megabytes each"
    monkeypatch.setenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "7")
    settings.prepare_threads()
    assert os.environ["ONEDNN_PRIMITIVE_CACHE_CAPACITY"] == "7", "who sets it means it"
