"""How often pages look again."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._ui import pace
from pages._ui.pace import Crowd


def crowd_of(num_viewers: int, tick_s: float = 0.0) -> Crowd:
    return Crowd(seen={str(number): 0.0 for number in range(num_viewers)}, tick_s=tick_s)


@pytest.mark.parametrize(("viewers", "seconds"), [(0, 0.5), (1, 0.5), (20, 1.0), (31, 2.0), (120, 5.0)])
def test_the_pace_falls_as_a_class_looks_on(viewers, seconds) -> None:
    assert crowd_of(viewers).pace_s() == seconds


def test_where_ticks_take_long_a_crowd_asks_less_often_and_one_viewer_as_before() -> None:
    paces = [crowd_of(100, tick_s).pace_s() for tick_s in (0.01, 0.02, 0.04, 0.08, 0.5)]
    assert paces == sorted(paces)
    assert paces[0] == 2.0 < paces[-1] == max(pace.STEPS_S)
    assert crowd_of(1, tick_s=0.5).pace_s() == 0.5


def test_no_more_ticks_are_under_way_than_the_server_keeps_up_with() -> None:
    for viewers in (10, 40, 100):
        for tick_s in (0.005, 0.02, 0.05):
            crowd = crowd_of(viewers, tick_s)
            is_slowest = crowd.pace_s() == pace.STEPS_S[-1]
            assert is_slowest or viewers * tick_s / crowd.pace_s() <= pace.BUSY


def test_viewers_who_left_are_forgotten() -> None:
    crowd = crowd_of(200)
    crowd.come("here", now=pace.GONE_AFTER_S + 1.0)
    assert list(crowd.seen) == ["here"]


def test_a_class_whose_run_ends_does_not_lay_out_all_its_pages_at_once() -> None:
    crowd = Crowd()
    at_once = sum(crowd.takes_turn(now=100.0) for _ in range(100))
    within_a_second = sum(crowd.takes_turn(now=100.0 + part / 50) for part in range(1, 51))
    assert at_once == pace.PAGES_AT_ONCE
    assert within_a_second == pace.PAGES_PER_S


def test_what_ticks_take_is_told_from_many_of_them() -> None:
    crowd = Crowd()
    crowd.took(10.0)
    assert crowd.tick_s < 0.5, "one that took long is no reason to slow a class down"
    for _ in range(500):
        crowd.took(0.03)
    assert crowd.tick_s == pytest.approx(0.03, rel=0.05)


def test_a_press_is_followed_soon_and_only_by_who_pressed(monkeypatch) -> None:
    def script() -> None:
        import streamlit as st

        from pages._ui import pace

        if st.button("press"):
            pace.hurry()
        st.text(f"{pace.seconds():g}")

    monkeypatch.setattr(pace, "crowd", Crowd())
    one, other = AppTest.from_function(script).run(), AppTest.from_function(script).run()
    one.button[0].click().run()
    other.run()
    assert (one.text[0].value, other.text[0].value) == (f"{pace.HURRIED_S:g}", "0.5")
    assert len(pace.crowd.seen) == 2
