"""ModernBERT: rotary positions, gated inner layers, and a sliding window instead of a view of everything.

With a window of a few tokens, the network finds out within seconds that neighbours matter; a small BERT that sees
everything stays at word frequencies for minutes.

Source: Warner et al. 2024, arXiv:2412.13663. Differs: no layer sees everything (the paper lets every third one), because
that is what learns within a minute.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, V vocabulary

from typing import TYPE_CHECKING

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import ModernBertForMaskedLM

TITLE = FAMILIES["modernbert"]
SIZES = SIZES


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
    kind = "sliding_attention" if config.local_attention else "full_attention"
    return ModernBertForMaskedLM(
        ModernBertConfig(
            vocab_size=vocabulary_size,
            hidden_size=size.width,
            intermediate_size=_inner_width(size.width),
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            layer_types=[kind] * size.layers,
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


def hidden_BTD(model: "ModernBertForMaskedLM", ids_BT: "Tensor") -> "Tensor":
    """Return the last layer's vectors."""
    return model.model(ids_BT).last_hidden_state


def logits_NV(model: "ModernBertForMaskedLM", hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    return model.decoder(model.head(hidden_ND))


def _inner_width(width: int) -> int:
    return 3 * width
