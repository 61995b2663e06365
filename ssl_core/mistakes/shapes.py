"""What a curve may do, as shapes to guess from: drawn beside the curve of the right run."""

# heights: 1 = guessing blindly, 0 = no loss at all; shares of the budget 0..1

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ssl_core.i18n import N_

Height = Callable[[float], float]
NUM_POINTS = 41


def right(share: float) -> float:
    """Draw the right run: down quickly, then slowly."""
    return 0.3 + 0.7 * math.exp(-share / 0.2)


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing that a curve may do: what it is called, and how it is drawn."""

    title: str
    height: Height


SHAPES: Mapping[str, Shape] = {
    "nothing": Shape(N_("It falls to almost nothing"), lambda share: 0.02 + 0.98 * math.exp(-share / 0.1)),
    "lower": Shape(N_("It falls lower than the right one"), lambda share: 0.16 + 0.84 * math.exp(-share / 0.15)),
    "same": Shape(N_("It is hardly to be told apart"), lambda share: right(share) + 0.025),
    "worse": Shape(N_("It falls, but not as far"), lambda share: 0.55 + 0.45 * math.exp(-share / 0.25)),
    "turns": Shape(N_("It falls, turns and rises"), lambda share: right(min(share, 0.35)) + 0.9 * max(0.0, share - 0.35)),
    "stuck": Shape(N_("It falls a little and gets stuck"), lambda share: 0.76 + 0.24 * math.exp(-share / 0.05)),
    "flat": Shape(N_("It stays up where it began"), lambda share: 0.93 + 0.07 * math.exp(-share / 0.1)),
    "wild": Shape(N_("It jumps about, high up"), lambda share: 1.02 + 0.13 * math.sin(share * 41) * math.cos(share * 17)),
}


def points(height: Height) -> list[list[float]]:
    """Return a shape as points (share, height)."""
    shares = [number / (NUM_POINTS - 1) for number in range(NUM_POINTS)]
    return [[round(share, 4), round(height(share), 4)] for share in shares]
