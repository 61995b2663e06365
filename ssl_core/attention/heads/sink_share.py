"""How much attention a head lets flow where nothing is said: onto the first token and onto special tokens."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import BoolArray, FloatArray, Sentence
from ssl_core.attention.heads.shares import share_on
from ssl_core.i18n import N_

TITLE = N_("Sink share")
HELP = N_("Which share of its attention a word leaves on the first token or on special tokens: often a way to look at nothing.")
FORMULA = r"\sum_{j \,\in\, \{0\} \,\cup\, \text{special}} a_{ij}"
SOURCE = N_(
    "Xiao et al. 2023, arXiv:2309.17453 (attention sinks). Differs: there the first few tokens; here the first one and, as in "
    "Clark et al. 2019, arXiv:1906.04341, section 3.2, special ones."
)
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is a word that is no sink itself."""
    return not bool(_is_sink_T(sentence).all())


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each word but the first token leaves on sinks."""
    return share_on(weights_LHTT, _is_sink_T(sentence), sentence)


def _is_sink_T(sentence: Sentence) -> BoolArray:
    return np.asarray(sentence.is_special_T | (np.arange(sentence.num_tokens) == 0))
