import itertools
import math
from dataclasses import replace

import pytest

from ssl_core.training import schedules
from ssl_core.training.config import TrainingConfig

CONFIG = TrainingConfig(learning_rate=0.1, warmup_rate=0.2, final_rate=0.05)


@pytest.mark.parametrize("schedule", ["linear", "cosine", "constant"])
def test_every_schedule_warms_up_in_a_straight_line(schedule):
    config = replace(CONFIG, schedule=schedule)
    assert schedules.learning_rate(0.0, config) == 0
    assert schedules.learning_rate(0.1, config) == pytest.approx(0.05)
    assert schedules.learning_rate(0.2, config) == pytest.approx(0.1)


def test_linear_and_cosine_end_at_the_final_rate_and_meet_half_way():
    linear, cosine = replace(CONFIG, schedule="linear"), replace(CONFIG, schedule="cosine")
    for config in (linear, cosine):
        assert schedules.learning_rate(1.0, config) == pytest.approx(0.005)
        assert schedules.learning_rate(0.6, config) == pytest.approx((0.1 + 0.005) / 2)
    quarter = 0.1 * (1 - (1 - math.cos(math.pi / 4)) / 2 * 0.95)
    assert schedules.learning_rate(0.4, cosine) == pytest.approx(quarter)


def test_constant_stays_at_the_peak():
    assert schedules.learning_rate(1.0, replace(CONFIG, schedule="constant")) == 0.1


def test_levels_by_pace_are_the_levels_that_were_reached():
    pace = [2, 2, 5, 9]
    assert [schedules.level_by_pace(step, pace) for step in (0, 1, 2, 4, 5, 8, 9)] == [0, 0, 2, 2, 3, 3, 4]


def test_validations_are_dense_early_and_end_with_the_budget():
    levels = sorted(schedules.VALIDATION_LEVELS)
    gaps = [after - before for before, after in itertools.pairwise(levels)]
    assert levels[0] == 1
    assert levels[-1] == schedules.NUM_LEVELS
    assert 30 <= len(levels) <= 40
    assert max(gaps[: len(gaps) // 4]) < min(gaps[-len(gaps) // 4 :])


def test_a_step_over_several_levels_misses_no_validation():
    assert schedules.is_validation_due(0, 10)
    assert not schedules.is_validation_due(10, 10)
