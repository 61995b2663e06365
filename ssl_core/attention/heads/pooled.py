"""One metric over many texts, and what a head would have that looks at everything alike."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.attention import heads
from ssl_core.attention.heads.sentence import BoolArray, FloatArray, Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One text as it was read: what each head looked at, and what each layer could look at."""

    sentence: Sentence
    weights_LHTT: npt.NDArray[np.floating[Any]]
    may_look_LTT: BoolArray  # within a layer's window; nobody may look at nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooled:
    """A metric over texts: each token that has a value counts once, whichever text it is from."""

    values_LH: FloatArray
    uniform_L: FloatArray  # the same, on the same tokens, of a head that looks at all that its layer can see alike
    num_tokens: int  # that have a value; 0: it applies to none of these texts, and the values are nan


def pooled(key: str, texts: Iterable[Read]) -> Pooled:
    """Return one metric over texts, read by one network."""
    sums_LH, uniform_sums_L, num_tokens = np.zeros(()), np.zeros(()), 0
    for read in texts:
        values_LHT = heads.by_token(key, read.weights_LHTT, read.sentence)
        uniform_LT = heads.by_token(key, uniform_LTT(read.may_look_LTT)[:, None], read.sentence)[:, 0]
        has_value_T = np.isfinite(values_LHT).all(axis=(0, 1))
        sums_LH = sums_LH + values_LHT[..., has_value_T].sum(axis=-1)
        uniform_sums_L = uniform_sums_L + uniform_LT[..., has_value_T].sum(axis=-1)
        num_tokens += int(has_value_T.sum())
    share = 1 / num_tokens if num_tokens else np.nan
    return Pooled(values_LH=sums_LH * share, uniform_L=uniform_sums_L * share, num_tokens=num_tokens)


def uniform_LTT(may_look_LTT: BoolArray) -> FloatArray:
    """Return the weights of a head that looks at all that it can see alike."""
    weights_LTT: FloatArray = may_look_LTT / may_look_LTT.sum(axis=-1, keepdims=True)
    return weights_LTT
