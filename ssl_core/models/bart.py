"""BART: an encoder reads, a decoder writes; positions are learned.

Source: Lewis et al. 2019, arXiv:1910.13461, section 2.1. Differs in where it starts: see ``first_look``.
"""

# B batch, T tokens, U tokens of the decoder, N predicted positions, D width, F inner width, H heads, K width of a head
# P positions, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BartForConditionalGeneration

TITLE = FAMILIES["bart"]
SIZES = SIZES
NORMS = "after"
FIRST_POSITION = 2
"""The class keeps two positions that it never uses."""


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens, positions and their norms, then attention (two in the decoder), inner layer and norms a layer."""
    D, L = SIZES[config.size].width, num_layers(config)
    F, P, V = 4 * D, num_positions(config), vocabulary_size
    attention, inner = 4 * (D * D + D) + 2 * D, (D * F + F) + (F * D + D) + 2 * D
    return V * D + 2 * (P + FIRST_POSITION) * D + 2 * 2 * D + L * (attention + inner) + L * (2 * attention + inner)


def build(config: ModelConfig, vocabulary_size: int) -> "BartForConditionalGeneration":
    """Return a BART whose output matrix is its token embedding."""
    from transformers import BartConfig, BartForConditionalGeneration

    from ssl_core.models import first_look

    size = SIZES[config.size]
    model = BartForConditionalGeneration(
        BartConfig(
            vocab_size=vocabulary_size,
            d_model=size.width,
            encoder_layers=num_layers(config),
            decoder_layers=num_layers(config),
            encoder_attention_heads=size.heads,
            decoder_attention_heads=size.heads,
            encoder_ffn_dim=4 * size.width,
            decoder_ffn_dim=4 * size.width,
            max_position_embeddings=num_positions(config),
            dropout=config.dropout,
            attention_dropout=config.dropout,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
            decoder_start_token_id=3,
            forced_eos_token_id=None,
            use_cache=False,
        )
    )
    first_look.set_bart(model)
    return model


def hidden_BTD(model: Any, ids_BT: "Tensor", is_padding_BT: "Tensor | None" = None) -> "Tensor":
    """Return the encoder's last vectors: the same numbers as ``model.model.encoder(ids_BT)`` gives."""
    from ssl_core.models.mixing import padding_bias_B11T

    dropout, bias_B11T = _dropout(model), padding_bias_B11T(ids_BT, is_padding_BT)
    x_BTD = _embedded(model.model.encoder, ids_BT, dropout)
    for layer in model.model.encoder.layers:
        x_BTD = _look(layer.self_attn, layer.self_attn_layer_norm, x_BTD, x_BTD, bias_B11T, dropout)
        x_BTD = _think(layer, x_BTD, dropout)
    return x_BTD


def decoded_BUD(model: Any, ids_BT: "Tensor", decoder_ids_BU: "Tensor", is_padding_BT: "Tensor | None" = None) -> "Tensor":
    """Return the decoder's last vectors, from which ``logits_NV`` says what it writes next."""
    from ssl_core.models.attention import causal_bias_TT
    from ssl_core.models.mixing import padding_bias_B11T

    dropout, unseen_B11T = _dropout(model), padding_bias_B11T(ids_BT, is_padding_BT)
    memory_BTD = hidden_BTD(model, ids_BT, is_padding_BT)
    later_11UU = causal_bias_TT(decoder_ids_BU.shape[1], ids_BT.device)[None, None]
    x_BUD = _embedded(model.model.decoder, decoder_ids_BU, dropout)
    for layer in model.model.decoder.layers:
        x_BUD = _look(layer.self_attn, layer.self_attn_layer_norm, x_BUD, x_BUD, later_11UU, dropout)
        x_BUD = _look(layer.encoder_attn, layer.encoder_attn_layer_norm, x_BUD, memory_BTD, unseen_B11T, dropout)
        x_BUD = _think(layer, x_BUD, dropout)
    return x_BUD


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_head(hidden_ND) + model.final_logits_bias
    return scores_NV


def _embedded(stack: Any, ids_BT: "Tensor", dropout: float) -> "Tensor":
    from torch.nn import functional

    place_TD = stack.embed_positions.weight[FIRST_POSITION : FIRST_POSITION + ids_BT.shape[1]]
    x_BTD = stack.layernorm_embedding(stack.embed_tokens(ids_BT) + place_TD)
    return functional.dropout(x_BTD, dropout, training=dropout > 0)


def _look(attention: Any, norm: Any, x_BUD: "Tensor", at_BTD: "Tensor", bias_BHUT: "Tensor", dropout: float) -> "Tensor":
    import torch
    from torch.nn import functional

    from ssl_core.models.mixing import mix

    parts = attention.q_proj, attention.k_proj, attention.v_proj
    if x_BUD is at_BTD:
        weight, bias = torch.cat([each.weight for each in parts]), torch.cat([each.bias for each in parts])
        query_BUD, key_BTD, value_BTD = functional.linear(x_BUD, weight, bias).chunk(3, dim=-1)
    else:
        weight, bias = torch.cat([each.weight for each in parts[1:]]), torch.cat([each.bias for each in parts[1:]])
        query_BUD = attention.q_proj(x_BUD)
        key_BTD, value_BTD = functional.linear(at_BTD, weight, bias).chunk(2, dim=-1)
    mixed_BUD = mix(query_BUD, key_BTD, value_BTD, attention.num_heads, bias_BHUT, scale=attention.scaling, dropout=dropout)
    looked_BUD: Tensor = norm(x_BUD + functional.dropout(attention.out_proj(mixed_BUD), dropout, training=dropout > 0))
    return looked_BUD


def _think(layer: Any, x_BTD: "Tensor", dropout: float) -> "Tensor":
    from torch.nn import functional

    inner_BTD = layer.fc2(functional.gelu(layer.fc1(x_BTD)))
    thought_BTD: Tensor = layer.final_layer_norm(x_BTD + functional.dropout(inner_BTD, dropout, training=dropout > 0))
    return thought_BTD


def _dropout(model: Any) -> float:
    return float(model.config.dropout) if model.training else 0.0


def num_layers(config: ModelConfig) -> int:
    """Return the layers of the encoder, and of the decoder: together as many as other families of this size have."""
    return SIZES[config.size].layers // 2


def num_positions(config: ModelConfig) -> int:
    """Return how many places there are: what stands for gaps can make a text twice as long."""
    return 2 * config.context_tokens + 2
