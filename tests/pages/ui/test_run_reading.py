"""Many viewers, one read."""

import pytest

from pages._ui import run_reading
from pages._ui.sharing import ManyShared, Shared
from ssl_core.errors import UserError
from ssl_core.runs.store import RunStore
from tests.pages.opening import add_run


def test_each_store_is_read_by_itself(store, monkeypatch, tmp_path) -> None:
    run_id = add_run(store, "done")
    assert run_reading.record(run_id).id == run_id
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "elsewhere"))
    assert run_reading.found(run_id) is None
    with pytest.raises(UserError):
        run_reading.record(run_id)


def test_a_hundred_looks_at_a_moment_are_one_read_of_the_store(store, monkeypatch) -> None:
    run_id, reads = add_run(store, "running"), []
    reading = RunStore.reading
    monkeypatch.setattr(RunStore, "reading", lambda *asked: reads.append(asked) or reading(*asked))
    monkeypatch.setattr(run_reading, "_readings", ManyShared(fresh_s=float("inf")))
    seen = {id(run_reading.record(run_id)) for _ in range(100)}
    assert (len(seen), len(reads)) == (1, 1)


def test_a_run_that_did_not_change_is_the_same_object_at_the_next_read(store, monkeypatch) -> None:
    run_id = add_run(store, "running")
    monkeypatch.setattr(run_reading, "_readings", ManyShared(fresh_s=0.0))
    first = run_reading.record(run_id)
    assert run_reading.record(run_id) is first
    store.mark(run_id, "paused")
    assert run_reading.record(run_id).status == "paused"


def test_who_comes_while_another_reads_goes_on_with_the_last_value() -> None:
    shared: Shared[int] = Shared(fresh_s=0.0)
    assert shared.get(lambda _before: 1) == 1
    assert shared.get(lambda before: 10 * before + shared.get(lambda _before: 7)) == 11


def test_a_read_that_fails_is_tried_again() -> None:
    shared: Shared[int] = Shared(fresh_s=float("inf"))
    with pytest.raises(ZeroDivisionError):
        shared.get(lambda _before: 1 // 0)
    assert shared.get(lambda _before: 1) == 1
