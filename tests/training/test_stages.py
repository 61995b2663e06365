"""How far a run is before its first step."""

import itertools

from ssl_core.training.stages import GAP_SHARE, Shares


def shares_told(ticks):
    """Return what is told when these shares are heard at these seconds."""
    told = []
    now = iter([0.0, *(second for second, _share in ticks)])
    shares = Shares("tokenizer", lambda stage, share: told.append((stage, share)), clock=lambda: next(now))
    for _second, share in ticks:
        shares(share)
    return told


def test_a_quick_stage_tells_no_share():
    assert shares_told([(0.1, 0.2), (0.3, 0.9), (0.4, 1.0)]) == []


def test_a_slow_stage_tells_some_twenty_and_never_two_close_together():
    told = [share for _stage, share in shares_told([(0.1 * n, n / 1000) for n in range(1, 1001)])]
    assert 15 <= len(told) <= 1 / GAP_SHARE
    assert min(b - a for a, b in itertools.pairwise(told)) >= GAP_SHARE


def test_a_share_that_does_not_grow_is_not_told_again():
    assert shares_told([(1.0, 0.5), (9.0, 0.5), (20.0, 0.51)]) == [("tokenizer", 0.5)]
