"""RoBERTa: a BERT without segments; what makes it better is how it is trained, not how it is built.

Its recipe: a new mask each time a text is seen, no next-sentence task, larger batches, more text and more time.

Source: Liu et al. 2019, arXiv:1907.11692.
"""

# B batch, T tokens, N predicted positions, D width, F inner width, L layers, P positions, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import RobertaForMaskedLM

TITLE = FAMILIES["roberta"]
SIZES = SIZES
NORMS = "after"


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count as for BERT, with one segment instead of two and one more position, which padding has for itself."""
    from ssl_core.models import bert

    return bert.parameter_count(config, vocabulary_size)


def build(config: ModelConfig, vocabulary_size: int) -> "RobertaForMaskedLM":
    """Return a RoBERTa with a masked-language-model head."""
    from transformers import RobertaConfig, RobertaForMaskedLM

    size = SIZES[config.size]
    return RobertaForMaskedLM(
        RobertaConfig(
            vocab_size=vocabulary_size,
            hidden_size=size.width,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            intermediate_size=4 * size.width,
            max_position_embeddings=config.context_tokens + 1,
            type_vocab_size=1,
            hidden_dropout_prob=config.dropout,
            attention_probs_dropout_prob=config.dropout,
            layer_norm_eps=1e-12,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
            use_cache=False,
        )
    )


def hidden_BTD(model: Any, ids_BT: "Tensor", is_padding_BT: "Tensor | None" = None) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.roberta(ids_BT)`` gives. Padding has no place."""
    from ssl_core.models.bert import encoded_BTD

    embeddings, pad = model.roberta.embeddings, model.config.pad_token_id
    is_token_BT = ids_BT != pad
    place_BT = is_token_BT.cumsum(dim=1) * is_token_BT + pad
    place_BTD = embeddings.position_embeddings(place_BT) + embeddings.token_type_embeddings.weight[0]
    x_BTD = embeddings.LayerNorm(embeddings.word_embeddings(ids_BT) + place_BTD)
    return encoded_BTD(model, x_BTD, model.roberta.encoder.layer, is_padding_BT)


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_head(hidden_ND)
    return scores_NV
