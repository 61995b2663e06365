"""Whether two runs side by side show what a mistake does."""

from dataclasses import replace

import numpy as np
import pytest

from ssl_core import mistakes
from ssl_core.runs import pairs
from ssl_core.runs.record import until_step
from ssl_core.training import shown
from tests.pages.live_runs import LINES, curve, event, made

FORGOTTEN = "causal_mask_forgotten"  # its author sees a loss of almost nothing


def pair(right_nats, seen_nats, broken_nats=None):
    """A right run, and one whose author sees other losses."""
    lines = event("baselines", 0, **LINES)
    seen = [event("measured", step, **{mistakes.AS_SEEN: nats}) for step, nats in enumerate(seen_nats, 1)]
    right = made("lm-en", status="done", events=(lines,), metrics=curve(right_nats))
    broken = made("lm-en", status="done", events=(lines, *seen), metrics=curve(broken_nats or right_nats))
    return right, replace(broken, spec={**broken.spec, "mistake": FORGOTTEN})


def test_a_mistake_is_shown_where_the_right_run_learned_and_the_curve_goes_as_it_is_told():
    assert shown.is_shown(pair([7.0, 5.0], [3.0, 0.01]))


@pytest.mark.parametrize(
    ("right_nats", "seen_nats"),
    [([7.0, 5.95], [3.0, 0.01]), ([7.0, 5.0], [3.0, 1.2]), ([7.0, 5.0], [0.01]), ([], [])],
    ids=("the right run is on its plateau", "not down yet", "a single point", "nothing yet"),
)
def test_two_points_show_nothing(right_nats, seen_nats):
    assert not shown.is_shown(pair(right_nats, seen_nats))


def test_without_baselines_nothing_is_known_to_be_shown():
    right, broken = pair([7.0, 5.0], [3.0, 0.01])
    assert not shown.is_shown((replace(right, events=()), broken))


def test_the_steps_needed_are_those_from_which_it_stays_shown():
    flickers = pair([7.0, 5.0, 5.0, 5.0, 5.0], [3.0, 0.01, 1.0, 0.01, 0.01])
    assert shown.steps_needed(flickers) == 4
    assert shown.steps_needed(pair([7.0, 5.0], [3.0, 1.0])) is None


def test_steps_and_seconds_are_those_of_the_slower_run():
    right, broken = pair([7.0, 5.0, 4.0], [3.0])
    slow = replace(broken, metrics={**curve([7.0, 6.0]), "elapsed_s": np.array([4.0, 8.0])})
    assert shown.steps_taken((right, slow)) == 2
    assert shown.seconds_per_step((right, slow)) == pytest.approx(4.0)
    assert shown.seconds_per_step((right, replace(slow, metrics=curve([])))) is None


@pytest.mark.parametrize("key", mistakes.MENU)
def test_each_recording_shows_its_mistake_from_some_step_on_and_not_before(key):
    from pages._ui import recordings

    for task in mistakes.tasks_of(key):
        specs = pairs.pair(key, task, "tinyworld-en", steps=pairs.RECORDED_STEPS)
        recorded = tuple(recordings.of_pair(pairs.recorded_name(each)) for each in specs)
        if None not in recorded:
            needed = shown.steps_needed(recorded)
            assert needed is not None
            assert needed < pairs.RECORDED_STEPS
            assert not shown.is_shown(tuple(until_step(each, 1) for each in recorded)), "one step shows nothing"
