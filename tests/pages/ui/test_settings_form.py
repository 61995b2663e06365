"""Widgets made from knobs: the kind follows from the knob, values keep their type, help names the range."""

from dataclasses import dataclass

from streamlit.testing.v1 import AppTest

from pages._ui import settings_form
from ssl_core.config import Config, Knob, knob, knobs
from ssl_core.runs.spec import RunSpec
from ssl_core.training.config import TrainingConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample(Config):
    """One knob of each kind."""

    whole: int = knob(4, "Whole", "A number.", minimum=1, maximum=64, step=1, unit="steps")
    part: float = knob(0.5, "Part", "A share.", minimum=0.0, maximum=1.0, step=0.05)
    wide: int = knob(16, "Wide", "Many.", minimum=1, maximum=100_000, step=1)
    rate: float = knob(0.0037, "Rate", "A size.", minimum=1e-6, maximum=1.0, logarithmic=True)
    way: str = knob("b", "Way", "A choice.", choices={"a": "first", "b": "second", "c": "third"})
    is_on: bool = knob(False, "On", "Yes or no.")
    fine: float = knob(0.1, "Fine", "Rarely changed.", minimum=0.0, maximum=1.0, advanced=True)


def form() -> None:
    import streamlit as st

    from pages._ui import settings_form
    from tests.pages.ui.test_settings_form import Sample

    st.session_state["said"] = settings_form.fields(Sample(), "form", only={"way": ["b", "c"]})


def test_untouched_widgets_give_back_the_settings_they_were_made_from():
    app = AppTest.from_function(form, default_timeout=60).run()
    assert not app.exception, app.exception
    said = app.session_state["said"]
    assert Sample(**said) == Sample()
    assert {name: type(value) for name, value in said.items()} == {
        "whole": int, "part": float, "wide": int, "rate": float, "way": str, "is_on": bool, "fine": float,
    }  # fmt: skip


def test_each_kind_of_knob_gets_the_widget_that_fits():
    app = AppTest.from_function(form, default_timeout=60).run()
    assert {each.key for each in app.slider} == {"form.whole", "form.part"}
    assert {each.key for each in app.number_input} == {"form.wide", "form.fine"}
    assert [each.key for each in app.select_slider] == ["form.rate"]
    assert [each.key for each in app.toggle] == ["form.is_on"]
    assert app.selectbox(key="form.way").options == ["second", "third"], "narrowed to what the task allows"
    assert app.slider(key="form.whole").label == "Whole (steps)"


def test_what_is_turned_comes_back():
    app = AppTest.from_function(form, default_timeout=60).run()
    app.slider(key="form.whole").set_value(9)
    app.toggle(key="form.is_on").set_value(True)
    app.select_slider(key="form.rate").set_value(0.01).run()
    said = app.session_state["said"]
    assert (said["whole"], said["is_on"], said["rate"]) == (9, True, 0.01)


def test_help_names_the_range():
    assert settings_form.explained(Knob(title="A", help="Why.", minimum=1, maximum=1024)) == "Why. From 1 to 1,024."
    assert settings_form.explained(Knob(title="A", help="Why.")) == "Why."


def test_the_ladder_has_round_stops_within_its_ends():
    stops = settings_form.ladder(1e-3, 1.0)
    assert stops[0] == 0.001
    assert stops[-1] == 1.0
    assert stops == sorted(set(stops))
    assert 0.003 in stops


def test_a_bound_for_the_machines_sake_is_told_as_no_limit():
    told = [settings_form.explained(each) for config in (TrainingConfig, RunSpec) for each in knobs(config).values()]
    assert any("no upper limit" in each for each in told)
    assert not any("e+" in each for each in told)
