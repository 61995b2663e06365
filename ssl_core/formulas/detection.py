"""Accuracy, precision and recall: what a detector finds, and what it cries out for nothing."""

# N questions; a label is 1 for yes, 0 for no

import numpy as np
from numpy.typing import ArrayLike

from ssl_core.i18n import N_

TITLE = N_("Accuracy, precision, recall")
FORMULA = r"P = \frac{TP}{TP + FP}, \qquad R = \frac{TP}{TP + FN}"
UNIT = N_("shares of 1; TP: found, FP: called out for nothing, FN: missed")
SOURCE = "van Rijsbergen 1979, Information Retrieval, ch. 7"


def detection(logits_N: ArrayLike, labels_N: ArrayLike) -> tuple[float, float, float]:
    """Return accuracy, precision and recall of saying yes where the score is above 0.

    Precision is 0 where nothing was called out, recall is 0 where nothing was there to find.
    """
    says_N, is_N = np.asarray(logits_N) > 0, np.asarray(labels_N) == 1
    found = float((says_N & is_N).sum())
    return float((says_N == is_N).mean()), found / max(1, int(says_N.sum())), found / max(1, int(is_N.sum()))
