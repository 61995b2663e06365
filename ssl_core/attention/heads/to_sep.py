"""How much a head looks at [SEP]."""

# L layers, H heads, T tokens (rows look, columns are looked at)

from ssl_core.attention.heads.sentence import FloatArray, Sentence
from ssl_core.attention.heads.shares import share_on
from ssl_core.i18n import N_

TITLE = N_("To [SEP]")
HELP = N_("Which share of its attention a word gives to [SEP], which stands between texts and says nothing itself.")
FORMULA = r"\sum_{j \,\in\, \text{[SEP]}} a_{ij}"
SOURCE = N_("Clark et al. 2019, arXiv:1906.04341, section 3.2. Differs: there special tokens look as well; here only words do.")
UNIT = "share"
RANGE = (0.0, 1.0)


def applies_to(sentence: Sentence) -> bool:
    """Return whether there is a [SEP], or what other tokenizers call it."""
    return bool(sentence.is_sep_T.any())


def by_token(weights_LHTT: FloatArray, sentence: Sentence) -> FloatArray:
    """Return what each token but special ones gives to [SEP]."""
    return share_on(weights_LHTT, sentence.is_sep_T, sentence)
