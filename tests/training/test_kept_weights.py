import pytest
import torch

from ssl_core.errors import UserError
from ssl_core.runs import weights
from ssl_core.training import kept_weights


def network(value):
    made = torch.nn.Linear(3, 2)
    for each in made.parameters():
        torch.nn.init.constant_(each, value)
    return made


def test_a_step_comes_back_as_it_was_to_half_precision(tmp_path):
    kept_weights.keep(tmp_path, network(1 / 3), 5)
    kept_weights.keep(tmp_path, network(2 / 3), 6)
    found = network(0.0)
    kept_weights.load(tmp_path, found, 5)
    assert torch.equal(found.weight, torch.full((2, 3), 1 / 3).half().float())


def test_there_are_never_too_many_and_both_ends_stay(tmp_path, monkeypatch):
    monkeypatch.setattr(kept_weights, "MOST_FILES", 8)
    steps = [round(1.18**number) for number in range(20, 60)]
    for step in steps:
        kept_weights.keep(tmp_path, network(0.5), step)
        assert len(weights.steps_in(tmp_path)) <= 8
        assert weights.steps_in(tmp_path)[-1] == step, "the newest is there"
    assert weights.steps_in(tmp_path)[0] == steps[0], "the first one stays"


def test_large_ones_give_way_too(tmp_path, monkeypatch):
    kept_weights.keep(tmp_path, network(0.5), 1)
    monkeypatch.setattr(kept_weights, "MOST_BYTES", 4 * weights.step_file(tmp_path, 1).stat().st_size)
    for step in range(2, 12):
        kept_weights.keep(tmp_path, network(0.5), step)
    assert len(weights.steps_in(tmp_path)) <= 4


@pytest.mark.parametrize("content", [b"", b"no tensors", None])
def test_a_file_that_is_broken_or_gone_is_told(tmp_path, content):
    if content is not None:
        weights.step_file(tmp_path, 5).write_bytes(content)
    with pytest.raises(UserError, match="step 5 can't be read"):
        kept_weights.load(tmp_path, network(0.0), 5)


def test_the_weights_of_another_network_are_refused(tmp_path):
    kept_weights.keep(tmp_path, network(0.5), 5)
    with pytest.raises(UserError, match="step 5 can't be read"):
        kept_weights.load(tmp_path, torch.nn.Linear(4, 2), 5)
