"""A guess is kept within the axes, and its distance from the curve is the area between them."""

import numpy as np
import pytest

from ssl_core.runs import guess
from ssl_core.runs.record import RunRecord, no_metrics
from ssl_core.runs.spec import RunSpec


def record_of(shares, losses, points, budget=60.0):
    metrics = no_metrics() | {name: np.zeros(len(shares)) for name in no_metrics()}
    metrics["elapsed_s"] = np.array(shares) * budget
    metrics["val_loss_nats"] = np.array(losses, dtype=float)
    spec = RunSpec.from_json({"training": {"budget": budget}}).to_json()
    return RunRecord(
        id="a", name="a", status="done", spec=spec, created_at=0, started_at=0, ended_at=0, metrics=metrics, events=(),
        guess=tuple(points), result=None, failure=None,
    )  # fmt: skip


def test_a_guess_one_nat_too_high_everywhere_is_off_by_one_nat():
    found = guess.closeness(record_of([0, 0.5, 1], [6, 5, 4], [(0, 7), (1, 5)]))
    assert found is not None
    assert found.mean_error_nats == pytest.approx(1.0)
    assert (found.last_guess_nats, found.last_loss_nats, found.share) == pytest.approx((5, 4, 1))


def test_crossing_lines_are_off_by_the_area_of_two_triangles():
    found = guess.closeness(record_of([0, 1], [6, 4], [(0, 4), (1, 6)]))
    assert found is not None
    assert found.mean_error_nats == pytest.approx(1.0, abs=0.01), "two triangles of height 2 and base 1/2; grid of 400 steps"


def test_reports_without_validation_do_not_count():
    found = guess.closeness(record_of([0, 0.25, 0.5, 1], [6, np.nan, 5, 4], [(0, 6), (1, 4)]))
    assert found is not None
    assert found.mean_error_nats == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize(("losses", "points"), [([6, 5], []), ([np.nan, np.nan], [(0, 6), (1, 4)])])
def test_nothing_to_compare_gives_none(losses, points):
    assert guess.closeness(record_of([0, 1], losses, points)) is None


def test_the_share_follows_the_unit_of_the_budget():
    record = record_of([0, 0.5, 1], [6, 5, 4], [])
    record.metrics["step"][:] = [0, 20, 40]
    spec = record.spec | {"training": record.spec["training"] | {"budget": 40, "budget_unit": "steps"}}
    by_steps = RunRecord(**{name: getattr(record, name) for name in RunRecord.__slots__} | {"spec": spec})
    assert guess.shares_of_budget(by_steps) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize("key", guess.SKETCHES)
def test_each_sketch_starts_at_the_top_and_never_rises(key):
    points = np.array(guess.sketch(key, 7.0, 2.0))
    assert points[0] == pytest.approx([0, 7])
    assert points[-1, 0] == 1.0
    assert (np.diff(points[:, 0]) > 0).all()
    assert (np.diff(points[:, 1]) <= 0).all()
    assert points[:, 1].min() >= 2.0


@pytest.mark.parametrize(
    "hostile", [None, 3, "abc", {"a": 1}, [["<script>", 1]], [[1]], [[0, float("nan")], [1, float("inf")]], [[0, 1]]]
)
def test_what_is_no_guess_is_dropped(hostile):
    assert guess.clean(hostile, 7) == ()


def test_a_guess_is_ordered_and_kept_within_the_axes():
    assert guess.clean([[1.5, -3], [0, 99], [0.5, 5]], 7) == ((0.0, 7), (0.5, 5.0), (1.0, 0.0))
