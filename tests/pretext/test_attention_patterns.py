"""Attention patterns, each against its definition by double loop."""

import numpy as np
import pytest

from ssl_core.pretext.attention_patterns import DECODER, SEEN, patterns
from ssl_core.pretext.base import ATTENTIONS, IGNORED, Examples, Role

T = 6
IDS_BT = np.arange(10, 10 + T)[None]


def examples(attention, *, num_padded=0, **more):
    roles_BT = np.full((1, T), Role.KEPT, dtype=np.uint8)
    roles_BT[:, T - num_padded :] = Role.PADDING if num_padded else Role.KEPT
    return Examples(seen_ids_BT=IDS_BT, target_ids_BT=np.full((1, T), IGNORED), roles_BT=roles_BT, attention=attention, **more)


def by_hand(rule, rows=T, columns=T):
    return np.array([[bool(rule(q, k)) for k in range(columns)] for q in range(rows)])


@pytest.mark.parametrize("num_padded", [0, 2])
def test_bidirectional_sees_all_but_padding(num_padded):
    (found,) = patterns(examples("bidirectional", num_padded=num_padded))
    last = T - num_padded
    assert (found.may_look_QK == by_hand(lambda q, k: q < last and k < last)).all()


@pytest.mark.parametrize("num_padded", [0, 2])
def test_causal_sees_nothing_ahead(num_padded):
    (found,) = patterns(examples("causal", num_padded=num_padded))
    assert (found.may_look_QK == by_hand(lambda q, k: k <= q < T - num_padded)).all()


def test_two_streams_differ_only_in_a_tokens_own_place():
    rank_T = np.array([3, 0, 5, 1, 4, 2])
    content, query = patterns(examples("permutation", ranks_BT=rank_T[None]))
    order = [int(np.flatnonzero(rank_T == rank)[0]) for rank in range(T)]
    earlier = {place: set(order[: order.index(place)]) for place in range(T)}
    assert (query.may_look_QK == by_hand(lambda q, k: k in earlier[q])).all()
    assert (content.may_look_QK == by_hand(lambda q, k: k in earlier[q] | {q})).all()
    assert not query.may_look_QK[order[0]].any(), "the first in the order has nothing to look at"


def test_context_of_equal_rank_sees_itself():
    content, _query = patterns(examples("permutation", ranks_BT=np.array([[0, 0, 0, 0, 1, 2]])))
    assert content.may_look_QK[:4, :4].all()


def test_a_decoder_looks_back_and_at_the_encoder():
    decoder_ids_BU = np.array([[0, 21, 22, 0]])  # T5 begins with the padding token
    made = examples("encoder_decoder", num_padded=1, decoder_ids_BU=decoder_ids_BU)
    encoder, decoder, cross = patterns(made, pad_id=0)
    assert (encoder.may_look_QK == by_hand(lambda q, k: q < T - 1 and k < T - 1)).all()
    assert (decoder.may_look_QK == by_hand(lambda q, k: k <= q < 3, 4, 4)).all()
    assert (cross.may_look_QK == by_hand(lambda q, k: q < 3 and k < T - 1, 4, T)).all()
    assert (cross.looks, cross.looked_at, encoder.looks) == (DECODER, SEEN, SEEN)


def test_every_kind_of_attention_has_a_picture():
    more = {
        "permutation": {"ranks_BT": np.arange(T)[None]},
        "encoder_decoder": {"decoder_ids_BU": np.array([[1, 2]])},
    }
    for attention in ATTENTIONS:
        assert patterns(examples(attention, **more.get(attention, {})))
