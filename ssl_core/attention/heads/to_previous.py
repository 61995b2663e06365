"""How much a head looks at the token before."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_beside
from ssl_core.i18n import N_

TITLE = N_("To the previous token")
HELP = N_("Which share of its attention a token gives to the one right before it.")
FORMULA = r"a_{i,\,i-1}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.1 (relative position).")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether any token has one before it."""
    return sentence.num_tokens > 1


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token gives to the one before it; the first has none."""
    return share_beside(weights_LHTT, -1)
