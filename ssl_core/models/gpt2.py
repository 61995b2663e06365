"""GPT-2: each token sees only those before it, positions are learned.

Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, P positions, V vocabulary

from typing import TYPE_CHECKING

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import GPT2LMHeadModel

TITLE = FAMILIES["gpt2"]
SIZES = SIZES


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens and positions, then attention, inner layer and two norms a layer, then the last norm."""
    D, L = SIZES[config.size].width, SIZES[config.size].layers
    F, P, V = 4 * D, config.context_tokens, vocabulary_size
    layer = (3 * D * D + 3 * D) + (D * D + D) + (D * F + F) + (F * D + D) + 2 * 2 * D
    return (V + P) * D + L * layer + 2 * D


def build(config: ModelConfig, vocabulary_size: int) -> "GPT2LMHeadModel":
    """Return a GPT-2 whose output matrix is its token embedding."""
    from transformers import GPT2Config, GPT2LMHeadModel

    size = SIZES[config.size]
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary_size,
            n_positions=config.context_tokens,
            n_embd=size.width,
            n_layer=size.layers,
            n_head=size.heads,
            resid_pdrop=config.dropout,
            embd_pdrop=config.dropout,
            attn_pdrop=config.dropout,
            bos_token_id=3,
            eos_token_id=3,
            use_cache=False,
        )
    )


def hidden_BTD(model: "GPT2LMHeadModel", ids_BT: "Tensor") -> "Tensor":
    """Return the last layer's vectors."""
    return model.transformer(ids_BT, use_cache=False).last_hidden_state


def logits_NV(model: "GPT2LMHeadModel", hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    return model.lm_head(hidden_ND)
