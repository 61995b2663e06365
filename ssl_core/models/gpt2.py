"""GPT-2: each token sees only those before it, positions are learned.

Source: Radford et al. 2019, "Language Models are Unsupervised Multitask Learners".
"""

# B batch, T tokens, N predicted positions, D width, X = 3 * D, F inner width, L layers, P positions, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import GPT2LMHeadModel

    from ssl_core.models.past import Past

TITLE = FAMILIES["gpt2"]
SIZES = SIZES
NORMS = "before"


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


def hidden_BTD(model: Any, ids_BT: "Tensor", past: "Past | None" = None) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.transformer(ids_BT)`` gives.

    With a ``past``, ``ids_BT`` goes on where it stands.
    """
    from torch.nn import functional

    from ssl_core.models.attention import attend, backward_bias_TT

    config, decoder = model.config, model.transformer
    dropout = config.resid_pdrop if model.training else 0.0
    bias_TT = backward_bias_TT(config, ids_BT.shape[1], ids_BT.device)
    places = slice(ids_BT.shape[1]) if past is None else past.advance(ids_BT.shape[1])
    x_BTD = decoder.wte(ids_BT) + decoder.wpe.weight[places]
    x_BTD = functional.dropout(x_BTD, dropout, training=dropout > 0)
    for number, layer in enumerate(decoder.h):
        joined_BTX = _conv(layer.attn.c_attn, layer.ln_1(x_BTD))
        if past is None:
            mixed_BTD = attend(joined_BTX, config.n_head, bias_TT, dropout=dropout)
        else:
            mixed_BTD = past.attend(number, joined_BTX, config.n_head)
        x_BTD = x_BTD + functional.dropout(_conv(layer.attn.c_proj, mixed_BTD), dropout, training=dropout > 0)
        inner_BTF = functional.gelu(_conv(layer.mlp.c_fc, layer.ln_2(x_BTD)), approximate="tanh")
        x_BTD = x_BTD + functional.dropout(_conv(layer.mlp.c_proj, inner_BTF), dropout, training=dropout > 0)
    last_BTD: Tensor = decoder.ln_f(x_BTD)
    return last_BTD


def _conv(layer: Any, x_BTX: "Tensor") -> "Tensor":
    """Apply a linear layer that keeps its weights the other way round."""
    from torch.nn import functional

    return functional.linear(x_BTX, layer.weight.mT, layer.bias)


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_head(hidden_ND)
    return scores_NV
