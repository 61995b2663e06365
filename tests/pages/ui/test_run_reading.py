"""Many viewers, one read."""

import pytest

from pages._ui import run_reading
from ssl_core.errors import UserError


@pytest.mark.parametrize(("viewers", "pace"), [(1, 0.5), (20, 1.0), (31, 2.0), (120, 5.0)])
def test_the_pace_falls_as_a_class_looks_on(viewers, pace, monkeypatch) -> None:
    seen = {str(number): float("inf") for number in range(viewers - 1)}
    monkeypatch.setattr(run_reading, "_viewers", lambda: seen)
    assert run_reading.pace_s() == pace


def test_viewers_who_left_are_forgotten(monkeypatch) -> None:
    seen = {str(number): float("-inf") for number in range(200)}
    monkeypatch.setattr(run_reading, "_viewers", lambda: seen)
    run_reading.pace_s()
    assert len(seen) == 1


def test_each_store_is_read_by_itself(store, monkeypatch, tmp_path) -> None:
    from tests.pages.opening import add_run

    run_id = add_run(store, "done")
    assert run_reading.record(run_id).id == run_id
    monkeypatch.setenv("PLAYGROUND_HOME", str(tmp_path / "elsewhere"))
    assert run_reading.found(run_id) is None
    with pytest.raises(UserError):
        run_reading.record(run_id)
