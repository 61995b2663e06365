"""How much a head looks at the token after."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_beside
from ssl_core.i18n import N_

TITLE = N_("To the next token")
HELP = N_("Which share of its attention a token gives to the one right after it; where nobody looks ahead there is none.")
FORMULA = r"a_{i,\,i+1}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.1 (relative position).")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether tokens may look ahead."""
    return sentence.num_tokens > 1 and not sentence.looks_back_only


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token gives to the one after it; the last has none."""
    return share_beside(weights_LHTT, 1)
