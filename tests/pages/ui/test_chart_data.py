"""What the loss chart is drawn from."""

from dataclasses import replace

import numpy as np
import pytest

from pages._ui import chart_data, loss_chart, recordings
from ssl_core.runs import presets
from ssl_core.runs.record import RunEvent, RunRecord, no_metrics

LINES = {"uniform_nats": 6.93, "unigram_nats": 6.07, "bigram_nats": 5.2, "floor_nats": None}


def event(kind: str, payload, step: int = 0, elapsed_s: float = 0.0) -> RunEvent:
    return RunEvent(id=0, kind=kind, step=step, elapsed_s=elapsed_s, payload=payload)


def record(losses=(), train=None, *, elapsed_s=None, events=None, spec=None) -> RunRecord:
    events = (event("baselines", LINES),) if events is None else events
    val = np.array(losses, float)
    metrics = {name: np.full(len(val), np.nan) for name in no_metrics()}
    metrics["step"] = np.arange(1.0, len(val) + 1)
    metrics["elapsed_s"] = np.arange(1.0, len(val) + 1) if elapsed_s is None else np.array(elapsed_s, float)
    metrics["tokens"] = metrics["step"] * 1024
    metrics["val_loss_nats"] = val
    metrics["train_loss_nats"] = val - 0.1 if train is None else np.array(train, float)
    return RunRecord(
        id="a1", name="n", status="running", spec=spec or presets.spec("mlm-en").to_json(), created_at=0.0, started_at=None,
        ended_at=None, metrics=metrics, events=tuple(events), guess=(), result=None, failure=None,
    )  # fmt: skip


def test_a_long_run_becomes_at_most_five_hundred_points() -> None:
    many = np.linspace(0.01, 60, 20_000)
    long_run = replace(
        record(np.full(20_000, 5.0), elapsed_s=many), guess=tuple((share, 6.0) for share in np.linspace(0, 1, 61))
    )
    assert sum(len(curve["points"]) for curve in loss_chart.figure(long_run)["curves"]) <= 500


def test_thinning_never_moves_a_point_that_was_drawn() -> None:
    times = np.linspace(0.01, 60, 3000)
    whole = record(np.linspace(7, 4, 3000), elapsed_s=times)
    early, late = chart_data.training(whole.until(30), "seconds"), chart_data.training(whole, "seconds")
    assert late[: len(early) - 1] == early[:-1], "only the newest cell may still change"


def test_training_loss_is_the_mean_of_each_cell() -> None:
    # a budget of 60 s in 200 cells: three reports fall into the first cell of 0.3 s, the fourth into the next
    run = record([5, 5, 5, 5], train=[1.0, 2.0, 6.0, 4.0], elapsed_s=[0.05, 0.1, 0.2, 0.4])
    assert [y for _x, y in chart_data.training(run, "seconds")] == [3.0, 4.0]


def test_validation_keeps_the_last_measurement_of_each_cell_and_skips_gaps() -> None:
    run = record([6.0, np.nan, 5.5, 5.0], elapsed_s=[0.05, 0.1, 0.2, 0.4])
    assert chart_data.validation(run, "seconds") == [[0.2, 5.5], [0.4, 5.0]]


def test_the_x_axis_is_the_budget_and_grows_by_tenths_only_beyond_it() -> None:
    assert chart_data.x_range(record([5.0], elapsed_s=[1.0]), "seconds") == (0.0, 60.0)
    assert chart_data.x_range(record([5.0], elapsed_s=[60.5]), "seconds") == (0.0, 60.0), "the last step may end a bit later"
    assert chart_data.x_range(record([5.0], elapsed_s=[64.0]), "seconds")[1] == pytest.approx(66.0)


def test_only_known_lines_are_drawn_and_each_has_its_name() -> None:
    names = [line["name"] for line in chart_data.lines(record([6.0]))]
    assert names == ["guessing blindly (uniform)", "word frequencies only", "bigram model, both sides"]
    with_floor = record([6.0], events=[event("baselines", {**LINES, "floor_nats": 3.1})])
    assert chart_data.lines(with_floor)[-1] == {"y": 3.1, "name": "best possible (floor)"}


def test_flags_stand_where_a_phase_is_reached_and_where_the_run_paused() -> None:
    run = record([6.9, 6.1, 5.5, 5.0], events=[event("baselines", LINES), event("paused", {}, step=3)])
    assert [(each["kind"], each["x"]) for each in chart_data.flags(run, "seconds")] == [
        ("phase", 2.0), ("phase", 3.0), ("phase", 4.0), ("pause", 3.0),
    ]  # fmt: skip


def test_a_loss_that_rises_again_plants_no_second_flag() -> None:
    assert len(chart_data.flags(record([6.1, 6.9, 6.1, 6.05]), "seconds")) == 1


def test_runs_are_of_one_kind_only_with_the_same_task_text_and_tokens() -> None:
    base = record([6.0])
    other_rate = {**base.spec, "training": {**base.spec["training"], "learning_rate": 0.1}}
    other_task = presets.spec("lm-en").to_json()
    assert chart_data.is_one_kind([base, record([6.0], spec=other_rate)])
    assert not chart_data.is_one_kind([base, record([6.0], spec=other_task)])
    assert loss_chart.comparison([base, record([6.0], spec=other_task)])["lines"] == []


def test_the_table_tells_the_same_numbers_as_the_chart() -> None:
    rows = chart_data.table(record([6.25, np.nan, 5.125], train=[6.5, 6.0, 5.0]))
    assert [(row["step"], row["train"], row["val"]) for row in rows] == [("1", "6.50", "6.25"), ("3", "5.00", "5.12")]


def test_the_summary_says_what_the_curve_shows() -> None:
    said = loss_chart.summary(record([6.9, 5.0]))
    assert "6.9 to 5 nats in 2 seconds" in said
    assert said.endswith("More than a bigram model.")
    assert "no loss" in loss_chart.summary(record())


def lines_of_recording(preset: str = "mlm-en") -> dict:
    recorded = recordings.recording(preset)
    assert recorded is not None
    return dict(recorded.latest("baselines").payload)


def test_a_run_that_is_over_before_its_floor_is_known_has_that_of_the_recording_with_the_same_lines() -> None:
    known = lines_of_recording()
    spec = presets.spec("mlm-en").to_json()
    short = record([5.0], events=[event("baselines", {**known, "floor_nats": None})], spec=spec)
    assert chart_data.lines(short)[-1] == {"y": known["floor_nats"], "name": "best possible (floor)"}


@pytest.mark.parametrize("other", ["unigram_nats", "bigram_nats", "uniform_nats"])
def test_another_validation_set_has_another_floor(other) -> None:
    known = lines_of_recording()
    measured = {**known, "floor_nats": None, other: known[other] * 1.001}
    spec = presets.spec("mlm-en").to_json()
    assert chart_data.baselines(record([5.0], events=[event("baselines", measured)], spec=spec))["floor_nats"] is None


def test_where_nothing_was_measured_yet_there_are_no_lines() -> None:
    assert chart_data.baselines(record([], events=[], spec=presets.spec("mlm-en").to_json())) == {}


def test_a_text_without_a_floor_has_none() -> None:
    known = lines_of_recording("mlm-news-en")
    news = record([5.0], events=[event("baselines", known)], spec=presets.spec("mlm-news-en").to_json())
    assert chart_data.baselines(news)["floor_nats"] is None
