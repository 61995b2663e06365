"""Points on the unit circle: the smallest space in which directions can be compared, and be drawn."""

# B points; two coordinates each

import numpy as np
from numpy.typing import ArrayLike, NDArray


def on_circle(degrees_B: ArrayLike) -> NDArray[np.float64]:
    """Return the points at these angles, counted from the right, against the clock: one row of length 1 each."""
    radians_B = np.deg2rad(np.asarray(degrees_B, dtype=np.float64))
    return np.stack([np.cos(radians_B), np.sin(radians_B)], axis=-1)


def slopes(degrees_B: ArrayLike, gradient_B2: ArrayLike) -> NDArray[np.float64]:
    """Return how something grows with each angle, in units a radian, from how it grows with both coordinates."""
    x_B, y_B = on_circle(degrees_B).T
    across_B2 = np.stack([-y_B, x_B], axis=-1)  # where a point goes when its angle grows
    turned_B: NDArray[np.float64] = (across_B2 * np.asarray(gradient_B2, dtype=np.float64)).sum(axis=-1)
    return turned_B
