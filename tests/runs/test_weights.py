import json
from types import SimpleNamespace

import pytest

from ssl_core import paths, shelf
from ssl_core.errors import UserError
from ssl_core.runs import weights
from ssl_core.runs.spec import RunSpec


@pytest.fixture
def run_id(store):
    return store.submit(RunSpec.from_json({}), worker="w")


def keep(run_id, form):
    folder = paths.run_folder(run_id) / form
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "any.safetensors").write_bytes(b"")


def note_checkpoint(store, run_id, step):
    keep(run_id, "checkpoint")
    store.add_event(run_id, "checkpoint", step=step, elapsed_s=1.0, payload={})


def keep_step(run_id, step):
    folder = paths.run_folder(run_id) / weights.STEPS
    folder.mkdir(parents=True, exist_ok=True)
    weights.step_file(folder, step).write_bytes(b"")


def test_a_run_in_its_first_moments_has_none_yet(store, run_id):
    with pytest.raises(weights.NoWeightsYet, match="first ones come"):
        weights.find(store, run_id)
    store.finish(run_id, "failed", failure=UserError("x"))
    with pytest.raises(UserError, match="ended before") as told:
        weights.find(store, run_id)
    assert not isinstance(told.value, weights.NoWeightsYet), "there is nothing to wait for"


def test_the_untrained_twin_is_always_there(store, run_id):
    assert weights.find(store, run_id, step=0).form == "untrained"


def test_a_run_that_goes_on_has_its_last_checkpoint(store, run_id):
    note_checkpoint(store, run_id, 10)
    note_checkpoint(store, run_id, 25)
    found = weights.find(store, run_id)
    assert (found.form, found.step) == ("checkpoint", 25)
    assert found.folder == paths.run_folder(run_id) / "checkpoint"


def test_an_older_model_of_a_run_that_was_taken_up_again_does_not_count(store, run_id):
    keep(run_id, "model")
    note_checkpoint(store, run_id, 25)
    assert weights.find(store, run_id).form == "checkpoint"


def test_a_run_about_to_end_has_its_model(store, run_id):
    keep(run_id, "model")
    store.add_metric(run_id, {"step": 31, "elapsed_s": 1.0, "tokens": 1})
    assert (weights.find(store, run_id).form, weights.find(store, run_id).step) == ("model", 31)


def test_a_finished_run_has_its_model_at_the_step_it_is_of(store, run_id):
    keep(run_id, "model")
    note_checkpoint(store, run_id, 25)
    store.finish(run_id, "done", result={"steps": 40, "best_step": 32})
    assert (weights.find(store, run_id).form, weights.find(store, run_id).step) == ("model", 32)


def test_a_run_that_failed_has_what_it_kept_last(store, run_id):
    note_checkpoint(store, run_id, 25)
    store.finish(run_id, "failed", failure=UserError("x"))
    assert (weights.find(store, run_id).form, weights.find(store, run_id).step) == ("checkpoint", 25)


def test_other_weights_are_another_version(store, run_id):
    note_checkpoint(store, run_id, 10)
    first = weights.find(store, run_id).version
    assert weights.find(store, run_id).version == first
    note_checkpoint(store, run_id, 11)
    assert weights.find(store, run_id).version != first
    assert weights.find(store, run_id, step=0).version != first


def test_a_step_that_was_not_kept_is_named(store, run_id):
    note_checkpoint(store, run_id, 10)
    assert weights.find(store, run_id, step=10).step == 10
    keep_step(run_id, 7)
    with pytest.raises(UserError, match=r"step 5 were not kept.*: 0, 7, 10"):
        weights.find(store, run_id, step=5)


def test_what_was_kept_along_the_way_can_be_looked_at(store, run_id):
    assert weights.steps(store, run_id) == [0]
    keep_step(run_id, 9)
    keep_step(run_id, 120)
    assert (weights.find(store, run_id, step=9).form, weights.find(store, run_id, step=9).step) == (weights.STEPS, 9)
    note_checkpoint(store, run_id, 120)
    assert weights.find(store, run_id, step=120).form == "checkpoint", "as exact as can be"
    assert weights.steps(store, run_id) == [0, 9, 120]


def test_a_run_that_goes_on_from_an_earlier_step_forgets_what_came_later(store, run_id):
    for step in (3, 9, 27):
        keep_step(run_id, step)
    weights.forget_after(run_id, 9)
    assert weights.steps(store, run_id) == [0, 3, 9]


@pytest.mark.parametrize("name", ["0123456789ab", "../x", "", None])
def test_an_unknown_run_is_told(store, name):
    with pytest.raises(UserError, match="no run"):
        weights.find(store, name)


def test_a_model_of_the_shelf_stands_where_a_run_is_named(store, tmp_path, monkeypatch):
    spec = RunSpec.from_json({})
    card = SimpleNamespace(steps=7, weights="abc", spec=json.loads(json.dumps(spec.to_json())))
    (tmp_path / "encoder-en").mkdir()
    (tmp_path / "encoder-en" / shelf.CARD_FILE).touch()
    monkeypatch.setattr(shelf, "FOLDER", tmp_path)
    monkeypatch.setattr(shelf, "card", lambda name: card)
    key = shelf.key("encoder-en")
    found = weights.find(store, key)
    assert (found.form, found.step, found.folder) == ("model", 7, tmp_path / "encoder-en")
    assert weights.find(store, key, 7) == found
    twin = weights.find(store, key, 0)
    assert (twin.form, twin.step) == ("untrained", 0)
    assert weights.steps(store, key) == [0, 7]
    assert weights.spec_of(store, key) == spec
    with pytest.raises(UserError, match="step 3 were not kept"):
        weights.find(store, key, 3)
    card.weights = "def"
    assert weights.find(store, key).version != found.version, "other weights give other answers"
    with pytest.raises(UserError, match="no model 'gpt-5'"):
        weights.model_folder("shelf:gpt-5")
