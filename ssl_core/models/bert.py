"""BERT: every token sees every other, positions are learned.

Source: Devlin et al. 2019, arXiv:1810.04805.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, P positions, V vocabulary

from typing import TYPE_CHECKING

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import BertForMaskedLM

TITLE = FAMILIES["bert"]
SIZES = SIZES
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


def hidden_BTD(model: "BertForMaskedLM", ids_BT: "Tensor") -> "Tensor":
    """Return the last layer's vectors."""
    return model.bert(ids_BT).last_hidden_state


def logits_NV(model: "BertForMaskedLM", hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    return model.cls(hidden_ND)
