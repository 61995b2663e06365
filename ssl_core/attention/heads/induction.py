"""Whether a head finds out how it went on last time: where the same token stood before, it looks at the one after that."""

# L layers, H heads, T tokens (rows look, columns are looked at), N repeated tokens

import numpy as np

from ssl_core.attention.heads.sentence import FloatArray, IntArray, Sentence
from ssl_core.i18n import N_

TITLE = N_("Induction score")
HELP = N_(
    "Tokens drawn at random are said twice: which share of its attention a token gives, the second time, to what came after it "
    "the first time."
)
FORMULA = r"a_{i,\, i-N+1} \quad \text{for } x_i = x_{i-N}"
SOURCE = N_(
    "Olsson et al. 2022, arXiv:2209.11895 (prefix matching score). Differs: the random tokens are said twice, "
    "not four times, and are all different."
)
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether this is a text said twice, to a network that looks back only."""
    return sentence.looks_back_only and sentence.num_repeated > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token that is said again gives to the one that followed it the first time."""
    values_LHT: FloatArray = np.full(weights_LHTT.shape[:3], np.nan)
    again_N = np.arange(sentence.num_tokens - sentence.num_repeated, sentence.num_tokens)
    values_LHT[..., again_N] = weights_LHTT[..., again_N, again_N - sentence.num_repeated + 1]
    return values_LHT


def said_twice(tokens: IntArray, num_tokens: int, rng: np.random.Generator) -> IntArray:
    """Return as many different ones of ``tokens`` in random order, and the same once more."""
    drawn_N: IntArray = rng.choice(tokens, size=num_tokens, replace=False)
    return np.concatenate([drawn_N, drawn_N])
