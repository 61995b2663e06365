import pytest

from ssl_core.training.snapshots import SHARE, SnapshotSchedule


class Hand:
    """A clock moved by hand."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.mark.parametrize("cost_s", [0.02, 0.3])
@pytest.mark.parametrize("budget_s", [60.0, None])
def test_snapshots_come_early_and_keep_to_their_share(cost_s, budget_s):
    clock = Hand()
    schedule = SnapshotSchedule(clock, budget_s)
    taken_at: list[float] = []
    while clock.now_s < 60:
        if schedule.is_due(is_last=False):
            taken_at.append(clock.now_s)
            with schedule.timed():
                clock.now_s += cost_s
        clock.now_s += 0.03
    assert taken_at[0] == 0, "the untrained network is looked at"
    assert schedule.spent_s <= SHARE * 60 + cost_s
    assert len(taken_at) >= 5
    if budget_s:
        assert sum(each < 30 for each in taken_at) > len(taken_at) / 2


def test_the_last_step_is_always_looked_at():
    clock = Hand()
    schedule = SnapshotSchedule(clock, 60.0)
    assert schedule.is_due(is_last=False)
    assert not schedule.is_due(is_last=False)
    assert schedule.is_due(is_last=True)
