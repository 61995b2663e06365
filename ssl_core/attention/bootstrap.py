"""How sure a share is that was counted in a few texts: the texts are drawn again and again from among themselves."""

# S texts, R resamples

import numpy as np
import numpy.typing as npt

NUM_RESAMPLES = 2_000
LEVEL = 0.95


def interval(
    hits_S: npt.ArrayLike, totals_S: npt.ArrayLike, rng: np.random.Generator, *, level: float = LEVEL
) -> tuple[float, float]:
    """Return the interval of sum(hits) / sum(totals) that holds the share of all such texts about as often as ``level`` says.

    Whole texts are drawn, because what stands in one text goes together; texts with nothing to count are left out. ``hits_S``
    may be differences, too.
    Returns: the lower and the upper end, nan if there is nothing to count.
    Source: Efron 1979, doi:10.1214/aos/1176344552; the percentile interval.
    """
    hits_S, totals_S = np.asarray(hits_S, dtype=np.float64), np.asarray(totals_S, dtype=np.float64)
    hits_S, totals_S = hits_S[totals_S > 0], totals_S[totals_S > 0]
    S = len(totals_S)
    if not S:
        return float("nan"), float("nan")
    times_RS = rng.multinomial(S, np.full(S, 1 / S), size=NUM_RESAMPLES)  # how often each text is drawn
    shares_R = (times_RS @ hits_S) / (times_RS @ totals_S)
    low, high = np.quantile(shares_R, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
