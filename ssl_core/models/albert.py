"""ALBERT: one layer, used again and again, and narrow token vectors: far fewer numbers to learn, but no less work.

Source: Lan et al. 2019, arXiv:1909.11942, section 3.1.
"""

# B batch, T tokens, N predicted positions, D width, E width of a token's vector, F inner width, L layers, P positions,
# V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import AlbertForMaskedLM

TITLE = FAMILIES["albert"]
SIZES = SIZES
NORMS = "after"
NUM_SEGMENTS = 2


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens, positions and segments, the way from their width to the layers', one layer for all, then the head."""
    D = SIZES[config.size].width
    E, F, P, V = _token_width(D), 4 * D, config.context_tokens, vocabulary_size
    embeddings = (V + P + NUM_SEGMENTS) * E + 2 * E
    layer = 4 * (D * D + D) + (D * F + F) + (F * D + D) + 2 * 2 * D
    head = D * E + E + 2 * E + V  # its matrix to the vocabulary is the token embedding again
    return embeddings + E * D + D + layer + head


def build(config: ModelConfig, vocabulary_size: int) -> "AlbertForMaskedLM":
    """Return an ALBERT with a masked-language-model head."""
    from transformers import AlbertConfig, AlbertForMaskedLM

    size = SIZES[config.size]
    return AlbertForMaskedLM(
        AlbertConfig(
            vocab_size=vocabulary_size,
            embedding_size=_token_width(size.width),
            hidden_size=size.width,
            num_hidden_layers=size.layers,
            num_hidden_groups=1,
            num_attention_heads=size.heads,
            intermediate_size=4 * size.width,
            max_position_embeddings=config.context_tokens,
            type_vocab_size=NUM_SEGMENTS,
            hidden_act="gelu_new",
            hidden_dropout_prob=config.dropout,
            attention_probs_dropout_prob=config.dropout,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
        )
    )


def hidden_BTD(
    model: Any, ids_BT: "Tensor", segments_BT: "Tensor | None" = None, is_padding_BT: "Tensor | None" = None
) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.albert(ids_BT)`` gives."""
    from torch.nn import functional

    from ssl_core.models.attention import attend, window_bias_TT, without_padding
    from ssl_core.models.bert import embedded_BTD, joined

    config, encoder = model.config, model.albert.encoder
    dropout = config.hidden_dropout_prob if model.training else 0.0
    x_BTE = embedded_BTD(model.albert.embeddings, ids_BT, segments_BT)
    x_BTD: Tensor = encoder.embedding_hidden_mapping_in(functional.dropout(x_BTE, dropout, training=dropout > 0))
    bias_TT = without_padding(window_bias_TT(ids_BT.shape[1], None, ids_BT.device), is_padding_BT)
    layer = encoder.albert_layer_groups[0].albert_layers[0]
    weight, bias = joined(layer.attention)
    for _ in range(config.num_hidden_layers):
        mixed_BTD = attend(functional.linear(x_BTD, weight, bias), config.num_attention_heads, bias_TT, dropout=dropout)
        mixed_BTD = functional.dropout(layer.attention.dense(mixed_BTD), dropout, training=dropout > 0)
        x_BTD = layer.attention.LayerNorm(x_BTD + mixed_BTD)
        inner_BTF = functional.gelu(layer.ffn(x_BTD), approximate="tanh")
        x_BTD = layer.full_layer_layer_norm(layer.ffn_output(inner_BTF) + x_BTD)
    return x_BTD


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.predictions(hidden_ND)
    return scores_NV


def _token_width(width: int) -> int:
    return width // 2
