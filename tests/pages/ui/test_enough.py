"""Too short a budget is said before Start, and too short a run is not taken for a proof."""

from dataclasses import replace

import numpy as np
import pytest

from pages._ui import break_enough, enough_time, machine_pace, recordings, run_facts
from pages._ui.run_form import Asked
from ssl_core.models import speed
from ssl_core.runs import pairs, presets
from ssl_core.runs.record import until_step
from ssl_core.training import estimates
from ssl_core.training.estimates import Pace
from tests.training.test_shown import FORGOTTEN, pair

MLM = presets.spec("mlm-en")
RECORDED = recordings.own(MLM)
KNOWN = estimates.milestones(RECORDED)


def slow(monkeypatch, seconds_per_step, tiny=None):
    """A machine that takes so long for a step, and perhaps another time for one of the tiny network."""

    def pace(spec):
        return Pace(seconds_per_step=tiny if tiny and spec.model.size == "tiny" else seconds_per_step, is_measured=True)

    monkeypatch.setattr(machine_pace, "of", pace)


def test_a_run_that_stays_on_its_plateau_here_is_told_so_with_the_steps_of_its_own_recording(monkeypatch):
    slow(monkeypatch, 60 / (estimates.enough(KNOWN.plateau) - 1))
    short = machine_pace.shortage(MLM, RECORDED)
    assert (short.line, short.needed) == ("unigram_nats", estimates.enough(KNOWN.plateau))
    told = enough_time.told(MLM, short)
    assert "word frequencies only" in told
    assert str(short.needed) in told


def test_a_run_that_passes_its_plateau_but_not_the_bigram_baseline_is_told_that(monkeypatch):
    slow(monkeypatch, 60 / (estimates.enough(KNOWN.plateau) + 1))
    assert machine_pace.shortage(MLM, RECORDED).line == "bigram_nats"


def test_where_a_minute_is_enough_or_nobody_knows_nothing_is_said(monkeypatch):
    assert machine_pace.shortage(MLM, RECORDED) is None, "nothing was measured here"
    slow(monkeypatch, 60 / (estimates.enough(KNOWN.bigram) + 1))
    assert machine_pace.shortage(MLM, RECORDED) is None
    slow(monkeypatch, 60.0)
    own = replace(MLM, corpus="/nowhere/own.txt")
    assert machine_pace.shortage(own, recordings.like(own)) is None


def test_each_help_takes_the_run_below_the_baseline(monkeypatch):
    slow(monkeypatch, 6.0, tiny=1.0)
    short = machine_pace.shortage(MLM, RECORDED)
    longer, smaller = enough_time.helps(MLM, short)
    assert longer.spec.training.budget >= 6.0 * short.needed
    assert longer.spec.model == MLM.model
    assert smaller.spec.model.size == "tiny"
    for each in (longer, smaller):
        again = machine_pace.shortage(each.spec, RECORDED)
        assert again is None or again.line == "bigram_nats"
    slow(monkeypatch, 6.0, tiny=6.0)
    assert [each.name for each in enough_time.helps(MLM, short)] == ["longer"], "a smaller one would not get there either"


def test_before_anything_is_measured_the_page_says_that_and_no_number():
    said = run_facts.words(Asked(spec=MLM, probes_key=""))
    assert "steps" not in said.title
    assert "1:00" in said.title
    assert "measuring" in said.detail


def test_that_nothing_is_measured_yet_does_not_take_the_place_of_what_is_said_of_the_guess():
    said = run_facts.words(Asked(spec=MLM, probes_key=""), has_guess=True)
    assert "Your guess is kept" in said.detail
    assert "measuring" in enough_time.said(MLM, machine_pace.outlook(MLM, RECORDED)), "the line below says that"


def test_a_run_that_gets_there_is_said_to(monkeypatch):
    slow(monkeypatch, 60 / (estimates.enough(KNOWN.bigram) + 1))
    outlook = machine_pace.outlook(MLM, RECORDED)
    assert outlook.is_enough
    assert enough_time.said(MLM, outlook).startswith("Long enough here")


def test_after_a_run_its_own_speed_is_what_is_said():
    speed.keep_measured(speed.key(MLM, "cpu"), 60 / 108)
    assert "about 110 steps in 1:00" in run_facts.words(Asked(spec=MLM, probes_key=""), has_guess=False).title


def first_validation(step):
    """Return the first step from ``step`` on at which the recorded run was validated."""
    steps = RECORDED.metrics["step"][np.isfinite(RECORDED.metrics["val_loss_nats"])]
    return int(steps[steps >= step][0])


def test_a_finished_run_is_told_only_of_baselines_that_it_stayed_above(monkeypatch):
    monkeypatch.setattr(estimates, "SLACK", 4.0)  # so that the recording's next validation comes sooner
    early = until_step(RECORDED, KNOWN.plateau - 1)
    assert enough_time.missed(MLM, early).line == "unigram_nats"
    lucky = until_step(RECORDED, first_validation(KNOWN.plateau) + 1)  # sooner than a run is given steps for
    assert lucky.metrics["step"][-1] < estimates.enough(KNOWN.plateau)
    assert enough_time.missed(MLM, lucky).line == "bigram_nats"
    assert enough_time.missed(MLM, RECORDED) is None


def test_a_finished_run_that_missed_nothing_is_told_what_it_got_below_and_when():
    last = int(RECORDED.metrics["step"][-1])
    assert enough_time.reached(MLM, RECORDED) == (
        f"It got clearly below “bigram model, both sides” after {KNOWN.bigram:,} of {last:,} steps."
    )
    until_plateau = until_step(RECORDED, first_validation(KNOWN.plateau) + 1)
    assert "below “word frequencies only” after" in enough_time.reached(MLM, until_plateau)


def test_one_that_got_below_none_is_told_so():
    early = until_step(RECORDED, KNOWN.plateau - 1)
    assert "did not get clearly below “word frequencies only”" in enough_time.reached(MLM, early)
    assert enough_time.reached(MLM, replace(RECORDED, events=())) == "", "nobody knows of one that measured no baselines"


def test_where_no_recording_tells_how_many_steps_it_takes_that_is_said(monkeypatch):
    slow(monkeypatch, 0.1)
    own = replace(MLM, corpus="/nowhere/own.txt")
    assert "has not been measured" in enough_time.said(own, machine_pace.outlook(own, recordings.like(own)))


def test_two_runs_that_were_too_short_say_so_and_how_many_steps_it_takes():
    recorded = pair([7.0] + [5.0] * 29, [3.0] * 19 + [0.01] * 11)
    said = break_enough.missing(pair([7.0, 6.8], [6.9, 6.5]), recorded)
    assert "only 2 steps" in said
    assert "20" in said
    assert not break_enough.missing(recorded, recorded)
    long_enough = pair([7.0] + [6.5] * 24, [3.0] * 25)
    assert not break_enough.missing(long_enough, recorded), "it had its time: that is the outcome"


def test_the_longer_run_lasts_as_long_as_the_steps_take_here():
    recorded = pair([7.0] + [5.0] * 29, [3.0] * 19 + [0.01] * 11)
    seconds = break_enough.longer_seconds(pair([7.0, 6.8], [6.9, 6.5]), recorded)
    assert seconds == estimates.round_seconds(estimates.enough(20) * 1.0)


@pytest.mark.parametrize(("step_s", "is_longer"), [(0.01, False), (2.0, True)])
def test_both_runs_last_longer_from_the_start_where_the_machine_is_known_to_be_slow(step_s, is_longer, monkeypatch):
    specs = pairs.pair(FORGOTTEN, "causal_lm", "tinyworld-en", steps=pairs.RECORDED_STEPS)
    recorded = tuple(recordings.of_pair(pairs.recorded_name(each)) for each in specs)
    assert break_enough.usual_seconds(recorded) == pairs.SECONDS, "nothing is known of this machine yet"
    slow(monkeypatch, step_s)
    assert (break_enough.usual_seconds(recorded) > pairs.SECONDS) == is_longer
