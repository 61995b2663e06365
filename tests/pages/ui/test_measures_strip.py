import re

import pytest
import streamlit as st

from pages._ui import measures_strip
from ssl_core import pretext
from ssl_core.pretext import Measure
from ssl_core.runs import presets
from ssl_core.runs.record import RunEvent, RunRecord, no_metrics

MEASURES = {
    "accuracy": Measure(title="accuracy <b>", help="share of right answers", chance=0.5),
    "apart": Measure(title="spread", help="how far apart", best=None),
}


@pytest.fixture
def told(monkeypatch):
    """What the strip writes; the task measures two figures."""
    shown = []
    monkeypatch.setattr(pretext, "measures", lambda key: MEASURES)
    monkeypatch.setattr(st, "html", shown.append)
    return shown


def record(*values, status="running"):
    events = tuple(RunEvent(id=n, kind="measured", step=n, elapsed_s=n, payload=each) for n, each in enumerate(values))
    return RunRecord(
        id="a", name="", status=status, spec=presets.spec("mlm-en").to_json(), created_at=0.0, started_at=None, ended_at=None,
        metrics=no_metrics(), events=events, guess=(), result=None, failure=None,
    )  # fmt: skip


def test_the_newest_value_stands_beside_what_chance_would_give(told):
    measures_strip.show(record({"accuracy": 0.5, "apart": -2.0}, {"accuracy": 0.875, "apart": -1.0}))
    (html,) = told
    assert "0.875" in html
    assert "0.500" in html, "chance"
    assert "&lt;b&gt;" in html, "a title is text"
    assert re.findall(r"height: (\d+)%", html) == ["50", "88", "4", "100"], "shares of one; else of the range so far"


def test_what_will_be_measured_keeps_its_place_before_it_is(told):
    measures_strip.show(record())
    assert "–" in told[0]


def test_what_only_some_texts_have_waits_nowhere(told, monkeypatch):
    labelled = Measure(title="same mood", help="neighbours", needs_labels=True)
    monkeypatch.setattr(pretext, "measures", lambda key: {"knn_mood": labelled, "accuracy": MEASURES["accuracy"]})
    measures_strip.show(record())
    measures_strip.show(record({"knn_mood": 0.75, "accuracy": 0.5}))
    assert ["same mood" in html for html in told] == [False, True]


def test_what_was_never_measured_takes_no_room_once_a_run_is_over(told):
    measures_strip.show(record(status="done"))
    assert not told


def test_a_long_history_is_thinned_from_the_first_to_the_last_value(told):
    measures_strip.show(record(*({"accuracy": n / 99} for n in range(100))))
    heights = re.findall(r"height: (\d+)%", told[0])
    assert len(heights) == measures_strip.NUM_BARS
    assert (heights[0], heights[-1]) == ("4", "100")
