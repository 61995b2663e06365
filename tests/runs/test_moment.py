"""The numbers beside a chart are the newest that were measured."""

import numpy as np
import pytest

from ssl_core.runs.moment import moment, newest, snapshots
from ssl_core.runs.record import RunEvent, RunRecord, no_metrics
from ssl_core.runs.spec import RunSpec

NAN = float("nan")


def record_of(budget=60.0, unit="seconds", events=(), **columns):
    length = len(columns.get("step", ()))
    metrics = {name: np.array(columns.get(name, [NAN] * length), dtype=float) for name in no_metrics()}
    spec = RunSpec.from_json({"training": {"budget": budget, "budget_unit": unit}}).to_json()
    return RunRecord(
        id="a", name="a", status="running", spec=spec, created_at=0, started_at=0, ended_at=None, metrics=metrics,
        events=tuple(events), guess=(), result=None, failure=None,
    )  # fmt: skip


def test_a_run_without_reports_stands_at_zero():
    now = moment(record_of())
    assert (now.step, now.share, now.seconds_left, now.val_loss_nats) == (0, 0.0, None, None)
    assert now.val_step is None


def test_the_newest_validation_loss_counts_even_if_later_reports_have_none():
    now = moment(record_of(step=[1, 2, 3], elapsed_s=[1, 2, 15], tokens=[10, 20, 30], val_loss_nats=[7.0, 6.5, NAN]))
    assert (now.val_loss_nats, now.val_step) == (6.5, 2)
    assert (now.step, now.tokens, now.share) == (3, 30, 0.25)
    assert now.seconds_left == pytest.approx(45)


@pytest.mark.parametrize(("unit", "budget"), [("steps", 40), ("tokens", 400)])
def test_time_left_of_other_budgets_follows_from_the_pace_so_far(unit, budget):
    now = moment(record_of(budget, unit, step=[10], elapsed_s=[5.0], tokens=[100]))
    assert now.seconds_left == pytest.approx(15), "a quarter took 5 s"


def test_a_run_past_its_budget_has_nothing_left():
    assert moment(record_of(step=[9], elapsed_s=[61.0], tokens=[1])).seconds_left == 0


def test_a_value_can_be_read_as_it_stood_at_a_step():
    record = record_of(step=[1, 5, 9], elapsed_s=[1, 2, 3], tokens=[1, 2, 3], val_loss_nats=[7.0, 6.0, 5.0])
    assert newest(record, "val_loss_nats", until_step=8) == 6.0
    assert newest(record, "val_loss_nats", until_step=0) is None


def test_snapshots_are_the_steps_of_the_probes_once_each():
    events = [RunEvent(id=n, kind=kind, step=step, elapsed_s=0, payload={}) for n, (kind, step) in
              enumerate([("probe", 8), ("probe", 8), ("paused", 3), ("probe", 2)])]  # fmt: skip
    assert snapshots(record_of(events=events)) == [2, 8]


def test_a_run_killed_right_after_a_look_stands_at_the_step_of_that_look():
    looked = RunEvent(id=0, kind="probe", step=31, elapsed_s=3.1, payload={})
    assert moment(record_of(step=[28, 30], elapsed_s=[2.8, 3.0], tokens=[28, 30], events=[looked])).step == 31
