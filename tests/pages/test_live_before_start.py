"""Before the start the live page gives nothing away, says what is recorded, and judges the time by this machine."""

import json

import pytest

from pages._ui import guess
from ssl_core.models import speed
from ssl_core.runs import presets
from tests.pages.opening import open_page, open_section, texts

MLM = presets.spec("mlm-en")
SLOW_S = 4.0


def test_what_the_curve_will_do_is_told_only_after_a_guess(monkeypatch):
    app = open_section(open_page("live"), "live-notice-False")
    assert "opens once you have guessed" in texts(app)
    monkeypatch.setattr(guess, "points", lambda: ((0.0, 6.0), (1.0, 1.0)))
    app = open_section(open_page("live"), "live-notice-False")
    assert "opens once you have guessed" not in texts(app)
    assert "Word frequencies only" in texts(app)


def test_the_numbers_of_a_replay_say_that_it_is_one_and_that_losses_are_hidden():
    said = texts(open_page("live"))
    assert "Recording" in said
    assert said.count("until you guess") == 2


def test_watching_the_recording_asks_for_no_guess():
    app = open_page("live")
    assert "Guess first, or start at once." in texts(app)
    assert "this machine is measuring" in texts(app), "nothing was measured here yet: both are said at the same time"
    speed.keep_measured(speed.key(MLM, "cpu"), 0.1)
    app = open_page("live")
    assert "Guess first, or start at once." in texts(app)
    assert "this machine is measuring" not in texts(app)
    app.button(key="live.watch").click().run()
    assert not app.exception
    assert "Guess first, or start at once." not in texts(app)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_slow_machine_is_told_before_the_start(language):
    speed.keep_measured(speed.key(presets.spec(f"mlm-{language}"), "cpu"), SLOW_S)
    app = open_page("live", language)
    assert "live.longer" in {each.key for each in app.button}
    assert ("Too short here" in texts(app)) == (language == "en")


def test_one_click_gives_a_run_more_time(store):
    speed.keep_measured(speed.key(MLM, "cpu"), SLOW_S)
    app = open_page("live")
    app.button(key="live.longer").click().run()
    assert not app.exception
    app.button(key="live.start").click().run()
    (row,) = store.rows()
    assert json.loads(row["spec"])["training"]["budget"] > MLM.training.budget


def test_a_quick_machine_is_told_that_it_gets_there_and_offered_nothing():
    speed.keep_measured(speed.key(MLM, "cpu"), 0.01)
    app = open_page("live")
    assert "live.longer" not in {each.key for each in app.button}
    assert "Long enough here" in texts(app)
