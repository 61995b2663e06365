"""How far a run is before its first step: told often enough to be watched, seldom enough to cost nothing."""

import time
from collections.abc import Callable
from typing import Protocol

GAP_S = 0.5
GAP_SHARE = 0.04


class OnStage(Protocol):
    """Hears "corpus", "tokenizer", "model" as each is begun, and in a long one now and then which share of it is done."""

    def __call__(self, stage: str, share: float = 0.0, /) -> None:
        """Hear of one stage."""


def say_nothing(stage: str, share: float = 0.0, /) -> None:
    """Ignore the stage."""


class Shares:
    """Passes a share on when half a second has gone and it has grown: a quick stage tells none, a slow one some twenty."""

    def __init__(self, stage: str, on_stage: OnStage, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin now."""
        self._stage, self._on_stage, self._clock = stage, on_stage, clock
        self._told_at_s, self._told = clock(), 0.0

    def __call__(self, share: float) -> None:
        """Hear how much is done."""
        now_s = self._clock()
        if now_s - self._told_at_s >= GAP_S and share - self._told >= GAP_SHARE:
            self._told_at_s, self._told = now_s, share
            self._on_stage(self._stage, share)
