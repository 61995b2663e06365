from dataclasses import dataclass

import pytest

from ssl_core.config import Config, knob, knobs
from ssl_core.errors import UserError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Config):
    rate: float = knob(0.5, "Rate", "How much.", minimum=0.0, maximum=1.0)
    count: int = knob(3, "Count", "How many.", minimum=1, maximum=9)
    kind: str = knob("a", "Kind", "Which.", choices={"a": "A", "b": "B"})
    is_on: bool = knob(False, "On", "Whether.")
    note: str = "free"


def test_knobs_come_in_the_order_they_are_declared():
    assert list(knobs(Settings)) == ["rate", "count", "kind", "is_on"]
    assert knobs(Settings)["rate"].maximum == 1.0


def test_every_problem_is_told_at_once():
    with pytest.raises(UserError) as refused:
        Settings(rate=2, count=0, kind="c", is_on="yes")
    for part in (
        "Rate is 2; choose 0 to 1.",
        "Count is 0; choose 1 to 9.",
        "Kind is 'c'; choose one of a, b.",
        "On is 'yes'; choose true or false.",
    ):
        assert part in refused.value.message()


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), "1", None, True, [1]])
def test_what_is_no_number_in_range_is_refused(value):
    with pytest.raises(UserError, match="Rate is"):
        Settings(rate=value)


def test_limits_themselves_are_allowed():
    assert (Settings(rate=0.0).rate, Settings(rate=1).rate, Settings(count=9).count) == (0.0, 1, 9)


def test_json_and_back():
    settings = Settings(rate=0.25, count=2, kind="b", is_on=True, note="x")
    assert Settings.from_json(settings.to_json()) == settings


def test_an_unknown_name_is_told_with_the_known_ones():
    with pytest.raises(UserError) as refused:
        Settings.from_json({"rates": 1})
    assert refused.value.message() == "Unknown setting: rates. Known here: count, is_on, kind, note, rate."
