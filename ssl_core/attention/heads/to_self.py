"""How much a head lets tokens look at themselves."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_beside
from ssl_core.i18n import N_

TITLE = N_("To itself")
HELP = N_("Which share of its attention a token gives to itself.")
FORMULA = r"a_{i,i}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.1 (relative position).")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is anything else to look at."""
    return sentence.num_tokens > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token gives to itself."""
    return share_beside(weights_LHTT, 0)
