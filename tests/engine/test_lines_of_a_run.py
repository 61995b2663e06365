"""The lines on the chart, told by the worker: at once what is known, later what was still being worked out."""

from types import SimpleNamespace

import pytest

from ssl_core.engine.conductor import conduct
from ssl_core.runs.spec import RunSpec
from tests.engine.fake_session import FakeSession

WORKER = "here:1:1.00:worker"


@pytest.mark.parametrize("known_at", [1, 5, 10])
def test_a_line_worked_out_later_is_told_when_it_is_known_and_only_then(store, known_at):
    session = FakeSession()
    first = session.baselines.to_json()
    later = SimpleNamespace(to_json=lambda: {**first, "floor_nats": 1.5})
    session.before[known_at] = lambda: setattr(session, "baselines", later)
    run_id = store.submit(RunSpec.from_json({}), worker=WORKER)
    assert conduct(store, run_id, WORKER, open_session=lambda spec, on_stage: session) == "done"
    told = [(each.step, each.payload["floor_nats"]) for each in store.record(run_id).events_of("baselines")]
    assert told == [(0, None), (known_at, 1.5)]


def test_a_line_known_only_with_the_result_is_told_at_the_end(store):
    session = FakeSession()
    first = session.baselines.to_json()

    def result():
        session.baselines = SimpleNamespace(to_json=lambda: {**first, "floor_nats": 1.5})
        return FakeSession.result(session)

    session.result = result
    run_id = store.submit(RunSpec.from_json({}), worker=WORKER)
    conduct(store, run_id, WORKER, open_session=lambda spec, on_stage: session)
    assert store.record(run_id).latest("baselines").payload["floor_nats"] == 1.5


@pytest.mark.parametrize("is_deleted", [False, True])
def test_a_line_known_only_after_the_end_is_told_then_if_the_run_is_still_there(store, is_deleted):
    session, waited = FakeSession(), []
    first = session.baselines.to_json()
    run_id = store.submit(RunSpec.from_json({}), worker=WORKER)

    def waits_for_lines(at_most_s):
        waited.append((at_most_s, store.row(run_id)["status"]))
        session.baselines = SimpleNamespace(to_json=lambda: {**first, "floor_nats": 1.5})
        if is_deleted:
            store.delete(run_id)
        return True

    session.waits_for_lines = waits_for_lines
    ended = conduct(store, run_id, WORKER, open_session=lambda spec, on_stage: session, late_lines_s=7.0)
    assert (ended, waited) == ("done", [(7.0, "done")]), "nobody who looks on waits for it"
    if is_deleted:
        assert store.rows() == []
    else:
        told = [(each.step, each.payload["floor_nats"]) for each in store.record(run_id).events_of("baselines")]
        assert told == [(0, None), (10, 1.5)]


def test_nobody_waits_for_a_line_of_a_run_that_failed(store):
    def broken():
        raise ValueError("broken")

    session = FakeSession(before={3: broken})
    session.waits_for_lines = lambda at_most_s: pytest.fail("there is nothing to wait for")
    run_id = store.submit(RunSpec.from_json({}), worker=WORKER)
    assert conduct(store, run_id, WORKER, open_session=lambda spec, on_stage: session, late_lines_s=7.0) == "failed"
