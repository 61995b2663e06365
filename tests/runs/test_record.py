import json

import numpy as np
import pytest

from ssl_core.runs.record import METRIC_NAMES, load_recording, save_recording, until_step
from ssl_core.runs.spec import RunSpec


@pytest.fixture
def record(store):
    run_id = store.submit(RunSpec.from_json({}), name="a run", guess=[(0.0, 6.0), (1.0, 4.5)])
    store.claim("w")
    store.mark(run_id, "running")
    for step in range(5):
        point = {"step": step, "elapsed_s": float(step), "tokens": 64 * step, "train_loss_nats": 6.0 - step}
        store.add_metric(run_id, point | {"val_loss_nats": 6.5 if step % 2 == 0 else None, "tokens_per_s": float("nan")})
        store.add_event(run_id, "probe", step=step, elapsed_s=step + 0.5, payload={"text": "天 <b> ___"})
    store.finish(run_id, "done", result={"val_loss_nats": 2.0})
    return store.record(run_id)


def test_what_was_not_measured_is_nan(record):
    assert np.isnan(record.metrics["tokens_per_s"]).all()
    assert np.isnan(record.metrics["learning_rate"]).all()
    assert list(record.metrics["val_loss_nats"][::2]) == [6.5, 6.5, 6.5]
    assert np.isnan(record.metrics["val_loss_nats"][1::2]).all()


def test_a_recording_comes_back_as_it_was_saved(record, tmp_path):
    save_recording(record, tmp_path / "run.json")
    loaded = load_recording(tmp_path / "run.json")
    for name in METRIC_NAMES:
        np.testing.assert_array_equal(loaded.metrics[name], record.metrics[name], err_msg=name)
    for name in ("id", "name", "status", "spec", "result", "failure", "guess", "created_at", "started_at", "ended_at"):
        assert getattr(loaded, name) == getattr(record, name), name
    assert [(each.kind, each.step, each.payload) for each in loaded.events] == [
        (each.kind, each.step, each.payload) for each in record.events
    ]


def test_a_recording_is_strict_json(record, tmp_path):
    save_recording(record, tmp_path / "run.json")

    def refuse(constant):
        raise AssertionError(f"{constant} is no JSON")

    saved = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert saved["metrics"]["tokens_per_s"] == [None] * 5, "what was not measured is null, because JSON has no NaN"


def test_a_replay_shows_nothing_of_what_came_later(record):
    past = record.until(2.0)
    assert list(past.metrics["step"]) == [0, 1, 2]
    assert [each.step for each in past.events] == [0, 1]
    assert (past.status, past.result) == ("running", None)
    assert not past.is_finished


def test_a_replay_ends_as_the_run_ended(record):
    assert record.until(4.0).status == "done"
    assert record.until(4.0).result == {"val_loss_nats": 2.0}
    assert len(record.until(4.0).events) == len(record.events)


def test_the_newest_event_of_a_kind_is_found(record):
    assert record.latest("probe").step == 4
    assert record.latest("nothing") is None
    assert len(record.events_of("probe")) == 5


def test_a_run_can_be_shown_as_it_stood_after_so_many_steps(record):
    assert list(until_step(record, 2.5).metrics["step"]) == [0, 1, 2]
    assert len(until_step(record, -1).metrics["step"]) == 0
    assert until_step(record, 4).status == "done"
