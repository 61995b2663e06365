"""How much a head looks at the first token of the text."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_on
from ssl_core.i18n import N_

TITLE = N_("To the first token")
HELP = N_("Which share of its attention a token gives to the very first one, whatever stands there.")
FORMULA = r"a_{i,0} \quad (i > 0)"
SOURCE = N_("Xiao et al. 2023, arXiv:2309.17453 (attention sinks).")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether anything follows the first token."""
    return sentence.num_tokens > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token but the first, and but special ones, gives to the first."""
    return share_on(weights_LHTT, np.arange(sentence.num_tokens) == 0, sentence)
