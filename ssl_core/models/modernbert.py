"""ModernBERT: rotary positions, gated inner layers, and a sliding window instead of a view of everything.

With a window of a few tokens, the network finds out within seconds that neighbours matter; a small BERT that sees
everything stays at word frequencies for minutes.

Source: Warner et al. 2024, arXiv:2412.13663. Differs: unless asked for, no layer sees everything (the paper lets every third
one), because that is what learns within a minute; and of each few layers the last one does, not the first.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import ModernBertForMaskedLM

TITLE = FAMILIES["modernbert"]
SIZES = SIZES
NORMS = "before"


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens, then attention, gated inner layer and two norms a layer (the first has one less), then the head."""
    D, L = SIZES[config.size].width, SIZES[config.size].layers
    F, V = _inner_width(D), vocabulary_size
    embeddings = V * D + D
    layer = 3 * D * D + D * D + 2 * D * F + F * D + 2 * D
    head = D * D + D + V  # its matrix to the vocabulary is the token embedding again
    return embeddings + L * layer - D + D + head


def build(config: ModelConfig, vocabulary_size: int) -> "ModernBertForMaskedLM":
    """Return a ModernBERT with a masked-language-model head."""
    from transformers import ModernBertConfig, ModernBertForMaskedLM

    size = SIZES[config.size]
    return ModernBertForMaskedLM(
        ModernBertConfig(
            vocab_size=vocabulary_size,
            hidden_size=size.width,
            intermediate_size=_inner_width(size.width),
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            layer_types=_layer_kinds(config, size.layers),
            local_attention=config.local_attention,
            max_position_embeddings=config.context_tokens,
            embedding_dropout=config.dropout,
            mlp_dropout=config.dropout,
            attention_dropout=config.dropout,
            pad_token_id=0,
            bos_token_id=2,
            cls_token_id=2,
            eos_token_id=3,
            sep_token_id=3,
        )
    )


def hidden_BTD(
    model: Any, ids_BT: "Tensor", segments_BT: "Tensor | None" = None, is_padding_BT: "Tensor | None" = None
) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.model(ids_BT)`` gives.

    It has no vectors for segments: of two texts it sees only the [SEP] between them.
    """
    from torch.nn import functional

    from ssl_core.models.attention import attend, rotary_tables, window_bias_TT, without_padding
    from ssl_core.models.gated import gated_gelu

    config = model.config
    dropout = config.mlp_dropout if model.training else 0.0
    T, head_width = ids_BT.shape[1], config.hidden_size // config.num_attention_heads
    reach = {"sliding_attention": config.local_attention // 2, "full_attention": None}
    views = {
        kind: (
            without_padding(window_bias_TT(T, reach[kind], ids_BT.device), is_padding_BT),
            rotary_tables(T, head_width, config.rope_parameters[kind]["rope_theta"], ids_BT.device),
        )
        for kind in set(config.layer_types)
    }
    embeddings = model.model.embeddings
    x_BTD = embeddings.norm(embeddings.tok_embeddings(ids_BT))
    x_BTD = functional.dropout(x_BTD, dropout, training=dropout > 0)
    for kind, layer in zip(config.layer_types, model.model.layers, strict=True):
        bias_TT, rotary = views[kind]
        joined_BTX = layer.attn.Wqkv(layer.attn_norm(x_BTD))
        mixed_BTD = attend(joined_BTX, config.num_attention_heads, bias_TT, rotary=rotary, dropout=dropout)
        x_BTD = x_BTD + functional.dropout(layer.attn.Wo(mixed_BTD), dropout, training=dropout > 0)
        gated_BTF = functional.dropout(gated_gelu(layer.mlp.Wi(layer.mlp_norm(x_BTD))), dropout, training=dropout > 0)
        x_BTD = x_BTD + layer.mlp.Wo(gated_BTF)
    last_BTD: Tensor = model.model.final_norm(x_BTD)
    return last_BTD


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.decoder(model.head(hidden_ND))
    return scores_NV


def _layer_kinds(config: ModelConfig, num_layers: int) -> list[str]:
    """Say of each layer whether it sees a window or everything."""
    every = 1 if not config.local_attention else config.global_every
    return ["full_attention" if every and number % every == 0 else "sliding_attention" for number in range(1, num_layers + 1)]


def _inner_width(width: int) -> int:
    return 3 * width
