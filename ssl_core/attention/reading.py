"""Letting a network read many texts at once, to see what its heads do with each."""

# B rows, L layers, H heads, T tokens

from collections.abc import Iterator, Sequence
from itertools import count

import numpy as np
import torch
from transformers import PreTrainedModel

from ssl_core.attention.heads.sentence import BoolArray
from ssl_core.attention.kinds import SELF
from ssl_core.attention.recording import FloatArray, Recorded, record

TEXTS_AT_ONCE = 32


@torch.no_grad()
def read(model: PreTrainedModel, all_ids: Sequence[Sequence[int]]) -> Iterator[tuple[FloatArray, BoolArray]]:
    """Give for each text weights_LHTT and may_look_LTT: what each head looked at, and what it could look at.

    Texts of similar length go together, which saves padding. Of a network with two parts only the one that reads is told.
    """
    found: dict[int, tuple[FloatArray, BoolArray]] = {}
    by_length = sorted(range(len(all_ids)), key=lambda number: len(all_ids[number]))
    for start in range(0, len(by_length), TEXTS_AT_ONCE):
        numbers = by_length[start : start + TEXTS_AT_ONCE]
        recorded = _recorded(model, [all_ids[number] for number in numbers])
        weights_LBHTT, may_look_LBTT = recorded.weights_LBHTS(SELF), recorded.may_look_LBTS(SELF)
        for row, number in enumerate(numbers):
            T = len(all_ids[number])
            found[number] = (weights_LBHTT[:, row, :, :T, :T].copy(), may_look_LBTT[:, row, :T, :T].copy())
    for number in range(len(all_ids)):
        yield found[number]


def looks_back_only(may_look_LTT: BoolArray) -> bool:
    """Return whether nobody could look at a token after it."""
    return may_look_LTT.shape[-1] > 1 and not bool(np.triu(may_look_LTT, 1).any())


def _recorded(model: PreTrainedModel, all_ids: Sequence[Sequence[int]]) -> Recorded:
    width, said = max(map(len, all_ids)), {token_id for ids in all_ids for token_id in ids}
    padding = next(token_id for token_id in count() if token_id not in said)  # [PAD], or what else these texts don't say
    ids_BT = torch.tensor([[*ids, *([padding] * (width - len(ids)))] for ids in all_ids])
    written = None
    if model.config.is_encoder_decoder:
        written = torch.full((len(all_ids), 1), int(model.config.decoder_start_token_id))
    return record(model, ids_BT, pad_id=padding, decoder_ids_BU=written)
