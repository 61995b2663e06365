"""What a head does with texts, in one number each; one metric a file. Needs numpy only.

A metric is one module of this package, named in ``MENU``. It declares

    TITLE, HELP             what it is called, and what it tells, in one sentence
    FORMULA, SOURCE         LaTeX of what one token (row) i has; where it comes from, and where we differ
    UNIT, RANGE             "nats", "tokens" or "share" (0..1); (lowest, highest), None where there is no limit
    applies_to(sentence)    whether this sentence has what the metric asks about
    by_token(weights_LHTT, sentence) -> values_LHT         nan for tokens that have none: the first has no previous one

Here each value is averaged over the tokens that have one. A token that can see nothing but itself, the first one of a
network that looks back only, has no choice and never counts.
"""

# L layers, H heads, T tokens (rows look, columns are looked at)

from importlib import import_module
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.attention.heads.sentence import FloatArray, Sentence

MENU = (
    "entropy",
    "mean_distance",
    "to_self",
    "to_previous",
    "to_next",
    "to_first",
    "to_cls",
    "to_sep",
    "to_punctuation",
    "to_same_token",
    "sink_share",
    "induction",
)


def metric(key: str) -> Any:
    """Return the module of one metric."""
    assert key in MENU, f"there is no metric {key!r} of heads"
    return import_module(f"ssl_core.attention.heads.{key}")


def measure(key: str, weights_LHTT: npt.NDArray[np.floating[Any]], sentence: Sentence) -> FloatArray:
    """Return values_LH of one sentence, the mean over its tokens; nan where the metric does not apply to it."""
    values_LHT = by_token(key, weights_LHTT, sentence)
    counts_LH = np.isfinite(values_LHT).sum(axis=-1)
    means_LH: FloatArray = np.full(counts_LH.shape, np.nan)
    np.divide(np.nansum(values_LHT, axis=-1), counts_LH, out=means_LH, where=counts_LH > 0)
    return means_LH


def by_token(key: str, weights_LHTT: npt.NDArray[np.floating[Any]], sentence: Sentence) -> FloatArray:
    """Return values_LHT of one sentence, nan where a token has none."""
    if not metric(key).applies_to(sentence):
        return np.full(weights_LHTT.shape[:3], np.nan)
    values_LHT: FloatArray = metric(key).by_token(np.asarray(weights_LHTT, dtype=np.float64), sentence)
    return np.where(sentence.has_choice_T, values_LHT, np.nan)
