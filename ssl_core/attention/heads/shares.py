"""How much of its attention a token gives to tokens of one kind."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import BoolArray, FloatArray, Sentence


def share_on(weights_LHTT: FloatArray, is_asked_T: BoolArray, sentence: Sentence) -> FloatArray:
    """Add up what each token gives to those that ``is_asked_T`` marks.

    These themselves and special tokens have no value: what they give to themselves would count as well.
    """
    values_LHT: FloatArray = weights_LHTT[..., is_asked_T].sum(axis=-1)
    return np.where(is_asked_T | sentence.is_special_T, np.nan, values_LHT)


def share_beside(weights_LHTT: FloatArray, offset: int) -> FloatArray:
    """Return what each token gives to the one ``offset`` places after it (negative: before it); nan where there is none."""
    T = weights_LHTT.shape[-1]
    values_LHT: FloatArray = np.full(weights_LHTT.shape[:3], np.nan)
    asking_N = np.arange(max(0, -offset), T - max(0, offset))
    values_LHT[..., asking_N] = weights_LHTT[..., asking_N, asking_N + offset]
    return values_LHT
