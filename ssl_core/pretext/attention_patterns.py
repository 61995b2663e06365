"""Who may look at whom: the attention pattern of one example, as matrices a person can read."""

# Q tokens that look, K tokens that are looked at, T tokens, U tokens that a decoder sees

from dataclasses import dataclass

import numpy as np

from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role

SEEN, DECODER = "seen", "decoder"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """One matrix: which of the tokens ``looks_at`` each of the tokens ``looks`` may use."""

    title: str
    help: str
    looks: str  # SEEN or DECODER: whose tokens stand at the rows
    looked_at: str  # the same for the columns
    may_look_QK: BoolArray


def patterns(examples: Examples, row: int = 0, *, pad_id: int = 0) -> tuple[Pattern, ...]:
    """Return the matrices of one row of examples, as many as its network has kinds of attention.

    Nobody looks at padding, and padding looks at nothing.
    """
    is_there_T = examples.roles_BT[row] != Role.PADDING
    if examples.attention == "causal":
        return (_pattern(N_("Attention"), _CAUSAL, _causal(is_there_T)),)
    if examples.attention == "permutation":
        assert examples.ranks_BT is not None, "a drawn order has ranks"
        return _two_streams(examples.ranks_BT[row], is_there_T)
    if examples.attention == "encoder_decoder":
        assert examples.decoder_ids_BU is not None, "a decoder has something to read"
        return _encoder_and_decoder(is_there_T, examples.decoder_ids_BU[row], pad_id)
    return (_pattern(N_("Attention"), _BIDIRECTIONAL, _all(is_there_T, is_there_T)),)


_BIDIRECTIONAL = N_("Every token looks at every other, to its left and to its right.")
_CAUSAL = N_("Every token looks at itself and at those before it, never ahead.")


def _pattern(title: str, help_text: str, may_look_QK: BoolArray, looks: str = SEEN, looked_at: str = SEEN) -> Pattern:
    return Pattern(title=title, help=help_text, looks=looks, looked_at=looked_at, may_look_QK=may_look_QK)


def _all(is_there_Q: BoolArray, is_there_K: BoolArray) -> BoolArray:
    return np.asarray(is_there_Q[:, None] & is_there_K[None, :])


def _causal(is_there_T: BoolArray) -> BoolArray:
    return np.asarray(np.tril(_all(is_there_T, is_there_T)))


def _two_streams(rank_T: IntArray, is_there_T: BoolArray) -> tuple[Pattern, ...]:
    """Return the content stream, which knows a token itself, and the query stream, which must not.

    Source: Yang et al. 2019, XLNet, arXiv:1906.08237, section 2.3: h attends to positions of rank at most its own, g only to
    those of lower rank.
    """
    is_there_TT = _all(is_there_T, is_there_T)
    content_TT = is_there_TT & (rank_T[None, :] <= rank_T[:, None])
    query_TT = is_there_TT & (rank_T[None, :] < rank_T[:, None])
    content = N_("The content stream knows the token at its own place, and all that come before it in the drawn order.")
    query = N_("The query stream predicts: it knows its place, but not its token, only those before it in the drawn order.")
    return (
        _pattern(N_("Content stream"), content, np.asarray(content_TT)),
        _pattern(N_("Query stream"), query, np.asarray(query_TT)),
    )


def _encoder_and_decoder(is_there_T: BoolArray, decoder_ids_U: IntArray, pad_id: int) -> tuple[Pattern, ...]:
    is_there_U = _before_padding(decoder_ids_U, pad_id)
    cross = N_("While it writes, the decoder looks at all that the encoder has read.")
    return (
        _pattern(N_("Encoder"), _BIDIRECTIONAL, _all(is_there_T, is_there_T)),
        _pattern(N_("Decoder"), _CAUSAL, _causal(is_there_U), DECODER, DECODER),
        _pattern(N_("From decoder to encoder"), cross, _all(is_there_U, is_there_T), DECODER, SEEN),
    )


def _before_padding(ids_U: IntArray, pad_id: int) -> BoolArray:
    """Return True up to the last token that is none of the padding; T5 also begins with that token."""
    places = np.flatnonzero(ids_U != pad_id)
    return np.arange(len(ids_U)) <= (places[-1] if len(places) else 0)
