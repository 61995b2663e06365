"""What a curve may do, as shapes to guess from: drawn beside the curve of the right run."""

# heights: 1 = guessing blindly, 0 = no loss at all; shares of the budget 0..1

import math
from collections.abc import Callable, Mapping, Sequence
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
    "same": Shape(N_("Almost no difference"), lambda share: right(share) + 0.025),
    "worse": Shape(N_("It falls, but not as far"), lambda share: 0.55 + 0.45 * math.exp(-share / 0.25)),
    "turns": Shape(N_("It falls, turns and rises"), lambda share: right(min(share, 0.35)) + 0.9 * max(0.0, share - 0.35)),
    "stuck": Shape(N_("It falls a little and gets stuck"), lambda share: 0.76 + 0.24 * math.exp(-share / 0.05)),
    "flat": Shape(N_("It stays up where it began"), lambda share: 0.93 + 0.07 * math.exp(-share / 0.1)),
    "wild": Shape(N_("It jumps about, high up"), lambda share: 1.02 + 0.13 * math.sin(share * 41) * math.cos(share * 17)),
}


LOOKS: Mapping[str, Callable[[Sequence[float], float], bool]] = {
    # whether a curve of losses has this shape, beside a right run that ended at a loss
    "nothing": lambda curve, right: curve[-1] < 0.05,
    "lower": lambda curve, right: curve[-1] < 0.8 * right,
    "same": lambda curve, right: abs(curve[-1] - right) < 0.25,
    "worse": lambda curve, right: 1.15 * right < curve[-1] < 0.6 * curve[0],
    "turns": lambda curve, right: curve[-1] > 1.03 * min(curve) and min(curve) < 0.6 * curve[0],
    "stuck": lambda curve, right: curve[0] - 0.5 > curve[-1] > 2 * right,
    "flat": lambda curve, right: curve[-1] > curve[0] - 0.5,
    "wild": lambda curve, right: curve[-1] > curve[0],
}


def looks_like(shape: str, curve: Sequence[float], right_nats: float) -> bool:
    """Return whether measured losses have a shape, judged by their ends and by the last loss of the right run, in nats."""
    return len(curve) > 1 and LOOKS[shape](curve, right_nats)


def points(height: Height) -> list[list[float]]:
    """Return a shape as points (share, height)."""
    shares = [number / (NUM_POINTS - 1) for number in range(NUM_POINTS)]
    return [[round(share, 4), round(height(share), 4)] for share in shares]
