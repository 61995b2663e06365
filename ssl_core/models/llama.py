"""A Llama-style decoder: each token sees only those before it; rotary positions, gated inner layers, no biases.

Source: Touvron et al. 2023, arXiv:2302.13971. Differs: the output matrix is the token embedding, which saves a third of
the numbers at this size.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, V vocabulary

from typing import TYPE_CHECKING

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM

TITLE = FAMILIES["llama"]
SIZES = SIZES


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


def hidden_BTD(model: "LlamaForCausalLM", ids_BT: "Tensor") -> "Tensor":
    """Return the last layer's vectors."""
    return model.model(ids_BT, use_cache=False).last_hidden_state


def logits_NV(model: "LlamaForCausalLM", hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    return model.lm_head(hidden_ND)


def _inner_width(width: int) -> int:
    return width * 8 // 3 // 32 * 32
