"""BERT: every token sees every other, positions are learned.

Source: Devlin et al. 2019, arXiv:1810.04805.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, P positions, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertForMaskedLM

TITLE = FAMILIES["bert"]
SIZES = SIZES
NORMS = "after"
NUM_SEGMENTS = 2


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens, positions and segments, then attention, inner layer and two norms a layer, then the head."""
    D, L = SIZES[config.size].width, SIZES[config.size].layers
    F, P, V = 4 * D, config.context_tokens, vocabulary_size
    embeddings = (V + P + NUM_SEGMENTS) * D + 2 * D
    layer = 4 * (D * D + D) + (D * F + F) + (F * D + D) + 2 * 2 * D
    head = D * D + D + 2 * D + V  # its matrix to the vocabulary is the token embedding again
    return embeddings + L * layer + head


def build(config: ModelConfig, vocabulary_size: int) -> "BertForMaskedLM":
    """Return a BERT with a masked-language-model head."""
    from transformers import BertConfig, BertForMaskedLM

    size = SIZES[config.size]
    return BertForMaskedLM(
        BertConfig(
            vocab_size=vocabulary_size,
            hidden_size=size.width,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            intermediate_size=4 * size.width,
            max_position_embeddings=config.context_tokens,
            type_vocab_size=NUM_SEGMENTS,
            hidden_dropout_prob=config.dropout,
            attention_probs_dropout_prob=config.dropout,
            use_cache=False,
        )
    )


def hidden_BTD(
    model: Any, ids_BT: "Tensor", segments_BT: "Tensor | None" = None, is_padding_BT: "Tensor | None" = None
) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.bert(ids_BT)`` gives."""
    x_BTD = embedded_BTD(model.bert.embeddings, ids_BT, segments_BT)
    return encoded_BTD(model, x_BTD, model.bert.encoder.layer, is_padding_BT)


def embedded_BTD(embeddings: Any, ids_BT: "Tensor", segments_BT: "Tensor | None") -> "Tensor":
    """Add up what stands for a token, for its place and for its segment."""
    place_TD, kinds = embeddings.position_embeddings.weight[: ids_BT.shape[1]], embeddings.token_type_embeddings
    place_BTD = place_TD + (kinds.weight[0] if segments_BT is None else kinds(segments_BT))
    x_BTD: Tensor = embeddings.LayerNorm(embeddings.word_embeddings(ids_BT) + place_BTD)
    return x_BTD


def encoded_BTD(model: Any, x_BTD: "Tensor", layers: Any, is_padding_BT: "Tensor | None") -> "Tensor":
    """Take embedded tokens through BERT's layers."""
    from torch.nn import functional

    from ssl_core.models.attention import attend, window_bias_TT, without_padding

    config = model.config
    dropout = config.hidden_dropout_prob if model.training else 0.0
    x_BTD = functional.dropout(x_BTD, dropout, training=dropout > 0)
    bias_TT = without_padding(window_bias_TT(x_BTD.shape[1], None, x_BTD.device), is_padding_BT)
    for layer in layers:
        joined_BTX = functional.linear(x_BTD, *joined(layer.attention.self))
        mixed_BTD = attend(joined_BTX, config.num_attention_heads, bias_TT, dropout=dropout)
        mixed_BTD = functional.dropout(layer.attention.output.dense(mixed_BTD), dropout, training=dropout > 0)
        x_BTD = layer.attention.output.LayerNorm(x_BTD + mixed_BTD)
        inner_BTD = layer.output.dense(functional.gelu(layer.intermediate.dense(x_BTD)))
        inner_BTD = functional.dropout(inner_BTD, dropout, training=dropout > 0)
        x_BTD = layer.output.LayerNorm(x_BTD + inner_BTD)
    return x_BTD


def joined(attention: Any) -> "tuple[Tensor, Tensor]":
    """Put queries, keys and values side by side: their weights, and their biases."""
    import torch

    parts = attention.query, attention.key, attention.value
    return torch.cat([each.weight for each in parts]), torch.cat([each.bias for each in parts])


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.cls(hidden_ND)
    return scores_NV
