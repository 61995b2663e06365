"""How widely a head spreads its attention."""

# L layers, H heads, T tokens (rows look, columns are looked at)

import numpy as np

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.i18n import N_

TITLE = N_("Entropy")
HELP = N_("How widely the head spreads its attention: 0 if it looks at one token, ln T if it looks at all T tokens alike.")
FORMULA = r"H_i = -\sum_j a_{ij} \ln a_{ij}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.3 (focused and broad attention).")
UNIT = "nats"
RANGE = (0.0, None)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is more than one token to look at."""
    return sentence.num_tokens > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return the entropy of each row in nats; what is never looked at adds nothing."""
    logs_LHTT = np.log(weights_LHTT, out=np.zeros_like(weights_LHTT), where=weights_LHTT > 0)
    values_LHT: FloatArray = -(weights_LHTT * logs_LHTT).sum(axis=-1)
    return values_LHT
