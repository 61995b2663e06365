"""T5: an encoder reads, a decoder writes; positions are told only by how far apart two tokens are.

Source: Raffel et al. 2019, arXiv:1910.10683, section 2.1. Differs in where it starts: see ``first_look``.
"""

# B batch, T tokens, U tokens of the decoder, N predicted positions, D width, F inner width, L layers, H heads, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import T5ForConditionalGeneration

TITLE = FAMILIES["t5"]
SIZES = SIZES
NORMS = "before"
NUM_BUCKETS = 32


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens and distances, then attention (two in the decoder), inner layer and norms a layer, then the last norms."""
    D, L, H = SIZES[config.size].width, _layers(config), SIZES[config.size].heads
    F, V = _inner_width(D), vocabulary_size
    attention, inner = 4 * D * D + D, 2 * D * F + D
    return V * D + 2 * NUM_BUCKETS * H + L * (attention + inner) + L * (2 * attention + inner) + 2 * D


def build(config: ModelConfig, vocabulary_size: int) -> "T5ForConditionalGeneration":
    """Return a T5 whose output matrix is its token embedding."""
    from transformers import T5Config, T5ForConditionalGeneration

    from ssl_core.models import first_look

    size = SIZES[config.size]
    model = T5ForConditionalGeneration(
        T5Config(
            vocab_size=vocabulary_size,
            d_model=size.width,
            d_kv=size.width // size.heads,
            d_ff=_inner_width(size.width),
            num_layers=_layers(config),
            num_heads=size.heads,
            relative_attention_num_buckets=NUM_BUCKETS,
            dropout_rate=config.dropout,
            pad_token_id=0,
            decoder_start_token_id=3,  # type: ignore[call-arg]
            eos_token_id=3,
            use_cache=False,
        )
    )
    first_look.set_t5(model)
    return model


def hidden_BTD(model: Any, ids_BT: "Tensor", is_padding_BT: "Tensor | None" = None) -> "Tensor":
    """Return the encoder's last vectors: the same numbers as ``model.encoder(ids_BT)`` gives."""
    from torch.nn import functional

    from ssl_core.models.mixing import padding_bias_B11T

    encoder, dropout = model.encoder, _dropout(model)
    bias_BHTT = _distance_bias(model, encoder, ids_BT.shape[1]) + padding_bias_B11T(ids_BT, is_padding_BT)
    x_BTD = functional.dropout(model.shared(ids_BT), dropout, training=dropout > 0)
    for block in encoder.block:
        x_BTD = x_BTD + _look_at_itself(block.layer[0], x_BTD, bias_BHTT, dropout)
        x_BTD = x_BTD + _think(block.layer[1], x_BTD, dropout)
    return functional.dropout(_norm(encoder.final_layer_norm, x_BTD), dropout, training=dropout > 0)


def decoded_BUD(model: Any, ids_BT: "Tensor", decoder_ids_BU: "Tensor", is_padding_BT: "Tensor | None" = None) -> "Tensor":
    """Return the decoder's last vectors, from which ``logits_NV`` says what it writes next."""
    import torch
    from torch.nn import functional

    from ssl_core.models.attention import causal_bias_TT
    from ssl_core.models.mixing import mix, padding_bias_B11T

    memory_BTD, decoder, dropout = hidden_BTD(model, ids_BT, is_padding_BT), model.decoder, _dropout(model)
    U = decoder_ids_BU.shape[1]
    bias_BHUU = _distance_bias(model, decoder, U) + causal_bias_TT(U, ids_BT.device)
    unseen_B11T = padding_bias_B11T(ids_BT, is_padding_BT)
    x_BUD = functional.dropout(model.shared(decoder_ids_BU), dropout, training=dropout > 0)
    for block in decoder.block:
        x_BUD = x_BUD + _look_at_itself(block.layer[0], x_BUD, bias_BHUU, dropout)
        cross = block.layer[1].EncDecAttention
        query_BUD = cross.q(_norm(block.layer[1].layer_norm, x_BUD))
        joined_BTX = functional.linear(memory_BTD, torch.cat((cross.k.weight, cross.v.weight)))
        key_BTD, value_BTD = joined_BTX.chunk(2, dim=-1)
        mixed_BUD = mix(query_BUD, key_BTD, value_BTD, cross.n_heads, unseen_B11T, scale=1.0, dropout=dropout)
        x_BUD = x_BUD + functional.dropout(cross.o(mixed_BUD), dropout, training=dropout > 0)
        x_BUD = x_BUD + _think(block.layer[2], x_BUD, dropout)
    x_BUD = functional.dropout(_norm(decoder.final_layer_norm, x_BUD), dropout, training=dropout > 0)
    return x_BUD * model.model_dim**-0.5 if model.config.scale_decoder_outputs else x_BUD


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_head(hidden_ND)
    return scores_NV


def _look_at_itself(layer: Any, x_BTD: "Tensor", bias_BHTT: "Tensor", dropout: float) -> "Tensor":
    import torch
    from torch.nn import functional

    from ssl_core.models.mixing import mix

    attention = layer.SelfAttention
    weight = torch.cat((attention.q.weight, attention.k.weight, attention.v.weight))
    query_BTD, key_BTD, value_BTD = functional.linear(_norm(layer.layer_norm, x_BTD), weight).chunk(3, dim=-1)
    mixed_BTD = mix(query_BTD, key_BTD, value_BTD, attention.n_heads, bias_BHTT, scale=1.0, dropout=dropout)
    return functional.dropout(attention.o(mixed_BTD), dropout, training=dropout > 0)


def _think(layer: Any, x_BTD: "Tensor", dropout: float) -> "Tensor":
    from torch.nn import functional

    inner = layer.DenseReluDense
    inner_BTF = functional.dropout(functional.relu(inner.wi(_norm(layer.layer_norm, x_BTD))), dropout, training=dropout > 0)
    return functional.dropout(inner.wo(inner_BTF), dropout, training=dropout > 0)


def _norm(layer: Any, x_BTD: "Tensor") -> "Tensor":
    from torch.nn import functional

    return functional.rms_norm(x_BTD, layer.weight.shape, layer.weight, layer.variance_epsilon)


def _distance_bias(model: Any, stack: Any, num_tokens: int) -> "Tensor":
    """Return bias_1HTT: what each head adds to a score for the distance of the two tokens."""
    bias_1HTT: Tensor = stack.block[0].layer[0].SelfAttention.compute_bias(num_tokens, num_tokens)
    return bias_1HTT


def _dropout(model: Any) -> float:
    return float(model.config.dropout_rate) if model.training else 0.0


def _inner_width(width: int) -> int:
    return 4 * width


def _layers(config: ModelConfig) -> int:
    """Return the layers of the encoder, and of the decoder: together as many as other families of this size have."""
    return SIZES[config.size].layers // 2
