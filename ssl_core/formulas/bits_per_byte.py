"""Bits per byte: the loss, counted against the text itself instead of against tokens."""

import math

from ssl_core.i18n import N_

TITLE = N_("Bits per byte")
FORMULA = r"\mathrm{BPB} = \frac{\mathcal{L}}{b \ln 2}"
UNIT = N_("bits for each byte of text, where a token has b bytes")
SOURCE = "Shannon 1948, A mathematical theory of communication; Gao et al. 2020, arXiv:2101.00027, § 3.1"


def bits(loss_nats: float) -> float:
    """Return a loss in bits, the number of yes-or-no questions it is worth."""
    return loss_nats / math.log(2)


def bits_per_byte(loss_nats: float, bytes_per_token: float) -> float:
    """Share the bits among the bytes that were predicted, so that long and short tokens can be compared."""
    return bits(loss_nats) / bytes_per_token
