"""Where the heads of an encoder-decoder look before they have learnt anything: at neighbours, and at what is the same.

A network of this kind that starts at random must find out all at once which places belong together, and learns word
frequencies meanwhile. These starts change no architecture: the weights are ordinary ones, learnt like all others.
"""

# D width, H heads, K width of a head, W = D / 2 waves

import math
from typing import Any

import torch

AROUND = (-1, 1, -2, 2)
"""How far from its own place each head of an encoder begins to look; heads beyond these start at random."""

BACK = (-1, -2, 0, -3)
"""The same in a decoder."""

GAIN = 1.5
"""How long queries and keys are at first: so long that a head looks mostly at one place."""

FAR = 4.0
"""How much lower, in nats, a head of T5 scores all other distances at first."""

NEAR = 0.5
"""How much lower the third head of T5 scores a token for each place that lies between, up to 16 places."""

FASTEST, SLOWEST = 3.0, 0.05
"""How far waves of position turn from one place to the next, in radians."""


@torch.no_grad()
def set_bart(model: Any) -> None:
    """Start positions as waves, the same for both sides, and attention at neighbours or at the same place and token."""
    for stack in (model.model.encoder, model.model.decoder):
        places = stack.embed_positions.weight
        places.copy_(math.sqrt(2) * model.config.init_std * waves_PD(*places.shape))
    for layer in model.model.encoder.layers:
        _look_at(layer.self_attn, AROUND)
    for layer in model.model.decoder.layers:
        _look_at(layer.self_attn, BACK)
        cross = layer.encoder_attn
        _look_at(cross, (0,) * cross.num_heads)
        _hand_over(cross.v_proj.weight, cross.out_proj.weight)


@torch.no_grad()
def set_t5(model: Any) -> None:
    """Start attention to itself at neighbours, the decoder's at the same token of the encoder's text."""
    for stack in (model.encoder, model.decoder):
        _prefer(stack.block[0].layer[0].SelfAttention, BACK[:2] if stack.is_decoder else AROUND[:2])
    for block in model.decoder.block:
        cross = block.layer[1].EncDecAttention
        cross.q.weight.copy_(cross.k.weight)


def _look_at(attention: Any, offsets: tuple[int, ...]) -> None:
    """Let head h of an attention look ``offsets[h]`` places on, by turning the waves that its keys are made of."""
    D, H = attention.embed_dim, attention.num_heads
    query_HKD, key_HKD = attention.q_proj.weight.view(H, -1, D), attention.k_proj.weight.view(H, -1, D)
    for query_KD, key_KD, offset in zip(query_HKD, key_HKD, offsets, strict=False):
        torch.nn.init.orthogonal_(query_KD, gain=GAIN)
        key_KD.copy_(turned(query_KD, -offset))


def _hand_over(value_DD: torch.Tensor, out_DD: torch.Tensor) -> None:
    """Let what is looked at come through as it is, where all heads look at the same."""
    torch.nn.init.orthogonal_(value_DD)
    out_DD.copy_(value_DD.mT)


def _prefer(attention: Any, offsets: tuple[int, ...]) -> None:
    """Let head h prefer the token ``offsets[h]`` away, and the next two those that are near; others start at random."""
    bias_BH = attention.relative_attention_bias.weight
    furthest = attention.relative_attention_max_distance
    apart_T = torch.arange(-furthest, 1 if attention.is_decoder else furthest + 1)
    bucket_T = attention._relative_position_bucket(
        apart_T, not attention.is_decoder, attention.relative_attention_num_buckets, furthest
    )
    for head, offset in zip(range(bias_BH.shape[1]), offsets, strict=False):
        bias_BH[:, head] = -FAR
        bias_BH[bucket_T[furthest + offset], head] = 0.0
    if bias_BH.shape[1] > 2:
        bias_BH[bucket_T, 2] = -NEAR * apart_T.abs().clamp(max=16).float()


def waves_PD(num_places: int, width: int) -> torch.Tensor:
    """Return sines (first half) and cosines of the place, from short waves to long ones.

    Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.5. Differs: evenly between ``FASTEST`` and ``SLOWEST``, so that a
    place looks like no other, not even like its neighbours.
    """
    angle_PW = torch.arange(num_places)[:, None] * _turns_W(width)
    return torch.cat((angle_PW.sin(), angle_PW.cos()), dim=1)


def turned(weight_KD: torch.Tensor, offset: int) -> torch.Tensor:
    """Return the weights that make of place p what ``weight_KD`` makes of place p + ``offset``."""
    sin_KW, cos_KW = weight_KD.chunk(2, dim=1)
    angle_W = offset * _turns_W(weight_KD.shape[1])
    cos_W, sin_W = angle_W.cos(), angle_W.sin()
    # sin(p + o) = sin p cos o + cos p sin o, cos(p + o) = cos p cos o - sin p sin o
    return torch.cat((sin_KW * cos_W - cos_KW * sin_W, sin_KW * sin_W + cos_KW * cos_W), dim=1)


def _turns_W(width: int) -> torch.Tensor:
    return torch.linspace(FASTEST, SLOWEST, width // 2)
