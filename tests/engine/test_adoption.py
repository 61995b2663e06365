"""What becomes of runs whose holder is gone."""

import pytest
from sqlalchemy.exc import OperationalError

from ssl_core.engine.adoption import Watch
from ssl_core.engine.processes import ProcessMark, mark_of
from ssl_core.runs.spec import RunSpec


def test_a_lost_run_is_settled_as_soon_as_the_store_can_be_written_however_long_that_took(store, monkeypatch):
    mine = mark_of("worker")
    gone = ProcessMark(host=mine.host, pid=mine.pid, started_at=mine.started_at - 1000, role="worker")
    run_id = store.submit(RunSpec.from_json({}))
    store.claim("engine")
    store.hand_over(run_id, str(gone))
    watch = Watch(store, silence_s=-1.0)  # from the second look on, the run counts as silent for long

    def full(*_arguments):
        raise OperationalError("UPDATE runs", {}, Exception("database or disk is full"))

    with monkeypatch.context() as patched:
        patched.setattr(store, "requeue", full)
        for _ in range(2):
            with pytest.raises(OperationalError):
                watch.look()
    watch.look()
    assert store.row(run_id)["status"] == "queued"
