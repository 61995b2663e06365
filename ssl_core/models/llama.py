"""A Llama-style decoder: each token sees only those before it; rotary positions, gated inner layers, no biases.

Source: Touvron et al. 2023, arXiv:2302.13971. Differs: the output matrix is the token embedding, which saves a third of
the numbers at this size.
"""

# B batch, T tokens, N predicted positions, D width, X = 3 * D, F inner width, L layers, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM

    from ssl_core.models.past import Past

TITLE = FAMILIES["llama"]
SIZES = SIZES
NORMS = "before"


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens, then attention, gated inner layer and two norms a layer, then the last norm."""
    D, L = SIZES[config.size].width, SIZES[config.size].layers
    F, V = _inner_width(D), vocabulary_size
    return V * D + L * (4 * D * D + 3 * D * F + 2 * D) + D


def build(config: ModelConfig, vocabulary_size: int) -> "LlamaForCausalLM":
    """Return a Llama-style decoder whose output matrix is its token embedding."""
    from transformers import LlamaConfig, LlamaForCausalLM

    size = SIZES[config.size]
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=vocabulary_size,
            hidden_size=size.width,
            intermediate_size=_inner_width(size.width),
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            max_position_embeddings=config.context_tokens,
            attention_dropout=config.dropout,
            tie_word_embeddings=True,
            pad_token_id=0,
            bos_token_id=3,
            eos_token_id=3,
            use_cache=False,
        )
    )


def hidden_BTD(model: Any, ids_BT: "Tensor", past: "Past | None" = None) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.model(ids_BT)`` gives.

    With a ``past``, ``ids_BT`` goes on where it stands.
    """
    import torch
    from torch.nn import functional

    from ssl_core.models.attention import attend, backward_bias_TT, rotary_tables
    from ssl_core.models.gated import gated_silu

    config, decoder, num_heads = model.config, model.model, model.config.num_attention_heads
    dropout = config.attention_dropout if model.training else 0.0
    bias_TT = backward_bias_TT(config, ids_BT.shape[1], ids_BT.device)
    num_places = ids_BT.shape[1] if past is None else config.max_position_embeddings
    cos, sin = rotary_tables(num_places, config.head_dim, config.rope_parameters["rope_theta"], ids_BT.device)
    if past is not None:
        places_B1T = past.advance(ids_BT.shape[1])[:, None]
        cos, sin = cos[places_B1T], sin[places_B1T]
    x_BTD = decoder.embed_tokens(ids_BT)
    for number, layer in enumerate(decoder.layers):
        parts = layer.self_attn.q_proj, layer.self_attn.k_proj, layer.self_attn.v_proj
        joined_BTX = functional.linear(_norm(layer.input_layernorm, x_BTD), torch.cat([each.weight for each in parts]))
        if past is None:
            mixed_BTD = attend(joined_BTX, num_heads, bias_TT, rotary=(cos, sin), dropout=dropout)
        else:
            mixed_BTD = past.attend(number, joined_BTX, num_heads, rotary=(cos, sin))
        x_BTD = x_BTD + layer.self_attn.o_proj(mixed_BTD)
        weight = torch.cat((layer.mlp.gate_proj.weight, layer.mlp.up_proj.weight))
        joined_BTX = functional.linear(_norm(layer.post_attention_layernorm, x_BTD), weight)
        x_BTD = x_BTD + layer.mlp.down_proj(gated_silu(joined_BTX))
    return _norm(decoder.norm, x_BTD)


def _norm(layer: Any, x_BTD: "Tensor") -> "Tensor":
    from torch.nn import functional

    return functional.rms_norm(x_BTD, layer.weight.shape, layer.weight, layer.variance_epsilon)


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_head(hidden_ND)
    return scores_NV


def _inner_width(width: int) -> int:
    return width * 8 // 3 // 32 * 32
