"""A run that is read again and again."""

import numpy as np
import pytest
import sqlalchemy as sa

from ssl_core.runs import presets
from ssl_core.runs.record import METRIC_NAMES


@pytest.fixture
def run_id(store):
    run_id = store.submit(presets.spec("mlm-en"), worker="a:1:1", guess=[(0.0, 6.0), (1.0, 3.0)])
    store.mark(run_id, "running")
    return run_id


def report(store, run_id, *steps, loss=5.0) -> None:
    for step in steps:
        store.add_metric(run_id, dict.fromkeys(METRIC_NAMES, loss) | {"step": step, "elapsed_s": step / 8, "tokens": 64 * step})


def same(one, other) -> bool:
    plain = ("id", "name", "status", "spec", "created_at", "started_at", "ended_at", "events", "guess", "result", "failure")
    curves = all(np.array_equal(one.metrics[name], other.metrics[name], equal_nan=True) for name in METRIC_NAMES)
    return curves and all(getattr(one, name) == getattr(other, name) for name in plain)


def test_what_is_read_bit_by_bit_is_what_is_read_as_a_whole(store, run_id) -> None:
    reading = None
    for step in range(1, 9):
        report(store, run_id, step)
        if step % 3 == 0:
            store.add_event(run_id, "probe", step=step, elapsed_s=1.0, payload={"text": "句"})
        if step == 5:
            store.mark(run_id, "paused")
        reading = store.reading(run_id, reading)
        assert same(reading.record, store.record(run_id)), step
    store.finish(run_id, "done", result={"val_loss_nats": 1.0})
    assert same(store.reading(run_id, reading).record, store.record(run_id))


def test_where_nothing_is_new_the_reading_stays_the_same_object(store, run_id) -> None:
    report(store, run_id, 1, 2)
    first = store.reading(run_id)
    store.heartbeat(run_id, "a:1:1")
    assert store.reading(run_id, first) is first


def test_only_what_is_new_comes_out_of_the_store(store, run_id) -> None:
    report(store, run_id, *range(1, 200))
    store.add_event(run_id, "started", step=0, elapsed_s=0.0, payload={})
    reading = store.reading(run_id)
    report(store, run_id, 200)
    asked = []
    sa.event.listen(store.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    fetched = store.reading(run_id, reading)
    assert len(fetched.record.metrics["step"]) == 200
    assert fetched.record.spec is reading.record.spec, "what was parsed once is not parsed again"
    assert len(asked) == 3
    assert all(".id >= ?" in statement for statement in asked if "FROM runs" not in statement)


@pytest.mark.parametrize("num_after", [0, 3, 10, 40])
def test_a_run_that_goes_on_from_its_checkpoint_forgets_what_came_after_it(num_after, store, run_id) -> None:
    report(store, run_id, *range(1, 21))
    reading = store.reading(run_id)
    store.forget_after(run_id, 10)
    report(store, run_id, *range(11, 11 + num_after), loss=4.0)  # its rows may get the numbers of those that are gone
    assert same(store.reading(run_id, reading).record, store.record(run_id))


def test_what_is_shared_can_not_be_changed(store, run_id) -> None:
    report(store, run_id, 1)
    with pytest.raises(ValueError, match="read-only"):
        store.record(run_id).metrics["step"][0] = 7.0
