"""The trainings that the speed benchmark puts side by side run, learn, and are judged on the same text."""

import argparse
import math

import pytest
import torch

from benchmarks import speed_data, speed_rivals

VERSE = "Now is the winter of our discontent\nMade glorious summer by this sun of York;\n"


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    path = tmp_path_factory.mktemp("text") / "verse.txt"
    path.write_text(VERSE * 600, encoding="utf-8")
    return speed_data.of_shakespeare(path)


@pytest.fixture(autouse=True)
def _threads_as_before():
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.mark.parametrize("training", [speed_rivals.ours, speed_rivals.nano_like, speed_rivals.trainer])
def test_a_training_takes_some_steps_and_is_judged(data, training):
    found = training(data, argparse.Namespace(what="shakespeare", seconds=1.0, rate=None))
    assert found["steps"] >= 1
    assert found["tokens"] % found["steps"] == 0, "each step reads as many tokens"
    assert found["seconds"] > 0
    assert found["cpu_s"] > 0
    assert 0 < found["loss"] < 2 * math.log(data.vocabulary.size_with_sentinels)


def test_the_tables_are_made_of_what_a_training_tells(data):
    found = speed_rivals.ours(data, argparse.Namespace(what="shakespeare", seconds=1.0))
    seconds = [second for second, _nats in found["curve"]]
    assert seconds == sorted(seconds)
    assert found["curve"][-1][1] == pytest.approx(found["loss"])
    assert data.unigram_nats < math.log(data.vocabulary.size_with_sentinels)
