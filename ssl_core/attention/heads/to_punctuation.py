"""How much a head looks at commas and full stops."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_on
from ssl_core.i18n import N_

TITLE = N_("To punctuation")
HELP = N_("Which share of its attention a word gives to commas, full stops and other marks.")
FORMULA = r"\sum_{j \,\in\, \text{marks}} a_{ij}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.2. Differs: there marks look as well; here only words do.")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is any mark."""
    return bool(sentence.is_punctuation_T.any())


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each word gives to marks."""
    return share_on(weights_LHTT, sentence.is_punctuation_T, sentence)
