"""ELECTRA: built as BERT; what is its own is the question that it is asked, see ``objectives.replaced``.

The network here carries ELECTRA's generator head, which predicts tokens; as a discriminator it gets a head from the task.

Source: Clark et al. 2020, arXiv:2003.10555. Differs: token vectors are as wide as the layers, so that nothing stands between.
"""

# B batch, T tokens, N predicted positions, D width, V vocabulary

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import ElectraForMaskedLM

TITLE = FAMILIES["electra"]
SIZES = SIZES
NORMS = "after"


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count as for BERT."""
    from ssl_core.models import bert

    return bert.parameter_count(config, vocabulary_size)


def build(config: ModelConfig, vocabulary_size: int) -> "ElectraForMaskedLM":
    """Return an ELECTRA with its generator head."""
    from transformers import ElectraConfig, ElectraForMaskedLM

    size = SIZES[config.size]
    return ElectraForMaskedLM(
        ElectraConfig(
            vocab_size=vocabulary_size,
            embedding_size=size.width,
            hidden_size=size.width,
            num_hidden_layers=size.layers,
            num_attention_heads=size.heads,
            intermediate_size=4 * size.width,
            max_position_embeddings=config.context_tokens,
            hidden_dropout_prob=config.dropout,
            attention_probs_dropout_prob=config.dropout,
            use_cache=False,
        )
    )


def hidden_BTD(
    model: Any, ids_BT: "Tensor", segments_BT: "Tensor | None" = None, is_padding_BT: "Tensor | None" = None
) -> "Tensor":
    """Return the last layer's vectors: the same numbers as ``model.electra(ids_BT)`` gives."""
    from ssl_core.models.bert import embedded_BTD, encoded_BTD

    x_BTD = embedded_BTD(model.electra.embeddings, ids_BT, segments_BT)
    return encoded_BTD(model, x_BTD, model.electra.encoder.layer, is_padding_BT)


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.generator_lm_head(model.generator_predictions(hidden_ND))
    return scores_NV
