"""XLNet: tokens see each other in a drawn order; what asks for a token knows its place, but not the token.

Two streams run through the same layers. The content stream holds what is known of each token, the token included. The query
stream, here at asked places only, holds what is known of a place from the tokens that come before it in the order.

Source: Yang et al. 2019, arXiv:1906.08237, sections 2.3 and 2.4; relative positions: Dai et al. 2019, arXiv:1901.02860.
"""

# B batch, T tokens, M asked places of a row, S = T + M, N asked places of the batch, D width, F inner width, P distances

from typing import TYPE_CHECKING, Any

from ssl_core.models.config import FAMILIES, ModelConfig
from ssl_core.models.sizes import SIZES

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import XLNetLMHeadModel

TITLE = FAMILIES["xlnet"]
SIZES = SIZES
NORMS = "after"


def parameter_count(config: ModelConfig, vocabulary_size: int) -> int:
    """Count tokens and the query's first vector, then attention, inner layer and two norms a layer, then the output's bias.

    Attention has five matrices (the fifth for distances), three biases and two vectors for segments, which no text here uses.
    """
    D, L = SIZES[config.size].width, SIZES[config.size].layers
    F, V = 4 * D, vocabulary_size
    layer = 5 * D * D + 3 * D + 2 * D + 2 * D + (D * F + F) + (F * D + D) + 2 * D
    return V * D + D + L * layer + V


def build(config: ModelConfig, vocabulary_size: int) -> "XLNetLMHeadModel":
    """Return an XLNet whose output matrix is its token embedding."""
    from transformers import XLNetConfig, XLNetLMHeadModel

    size = SIZES[config.size]
    return XLNetLMHeadModel(
        XLNetConfig(
            vocab_size=vocabulary_size,
            d_model=size.width,
            n_layer=size.layers,
            n_head=size.heads,
            d_inner=4 * size.width,
            dropout=config.dropout,
            mem_len=None,
            use_mems_eval=False,
            pad_token_id=0,
            bos_token_id=2,
            eos_token_id=3,
        )
    )


def hidden_BTD(model: Any, ids_BT: "Tensor") -> "Tensor":
    """Return the last layer's vectors where every token sees every other: the same numbers as ``model.transformer(ids_BT)``."""
    import torch

    everyone_BT = torch.zeros_like(ids_BT)
    return _streams(model, ids_BT, everyone_BT, ids_BT.new_zeros(len(ids_BT), 0))


def asked_ND(model: Any, ids_BT: "Tensor", positions_N: "Tensor", ranks_BT: "Tensor | None" = None) -> "Tensor":
    """Return what the query stream knows of the asked places.

    A token is seen by those of higher rank. Without ranks, the asked places see all others but not each other, as blanks
    do; then it does not matter which tokens stand there. ``positions_N`` counts through the batch row by row.
    """
    import torch

    T = ids_BT.shape[1]
    if ranks_BT is None:
        ranks_BT = torch.zeros_like(ids_BT).view(-1).index_fill(0, positions_N, 1).view_as(ids_BT)
    rising_N, order_N = positions_N.sort()
    row_N = rising_N // T
    num_asked_B = torch.bincount(row_N, minlength=len(ids_BT))
    slot_N = torch.arange(len(positions_N), device=ids_BT.device) - (num_asked_B.cumsum(0) - num_asked_B)[row_N]
    asked_BM = ids_BT.new_full((len(ids_BT), int(num_asked_B.max())), -1)
    asked_BM[row_N, slot_N] = rising_N % T
    hidden_BMD = _streams(model, ids_BT, ranks_BT, asked_BM)
    return hidden_BMD[asked_BM >= 0][order_N.argsort()]


def logits_NV(model: Any, hidden_ND: "Tensor") -> "Tensor":
    """Score every token of the vocabulary."""
    scores_NV: Tensor = model.lm_loss(hidden_ND)
    return scores_NV


def _streams(model: Any, ids_BT: "Tensor", ranks_BT: "Tensor", asked_BM: "Tensor") -> "Tensor":
    """Return the query stream's last vectors, or the content stream's where nothing is asked.

    ``asked_BM`` is -1 where a row asks less than others; what comes out there is of no use.
    """
    import torch
    from torch.nn import functional

    from ssl_core.models.relative_attention import View, attend, distances_PD

    config, network, D = model.config, model.transformer, model.config.d_model
    (B, T), M = ids_BT.shape, asked_BM.shape[1]
    dropout = config.dropout if model.training else 0.0

    def drop(x: "Tensor") -> "Tensor":
        return functional.dropout(x, dropout, training=dropout > 0)

    bias_BST, sees_nothing_BS1 = _bias_BST(ranks_BT, asked_BM)
    view = View(bias_BST, asked_BM.clamp(min=0))
    r_PD = drop(distances_PD(T, D, ids_BT.device))
    x_BSD = drop(network.word_embedding(ids_BT))
    if M:
        x_BSD = torch.cat((x_BSD, drop(network.mask_emb).expand(B, M, D).to(x_BSD.dtype)), dim=1)
    for number, layer in enumerate(network.layer):
        weights = layer.rel_attn
        keys_and_values = torch.cat((weights.k.view(D, D), weights.v.view(D, D)), dim=1)
        joined_BTX = functional.linear(x_BSD[:, :T], keys_and_values.mT)
        if M and number + 1 == len(network.layer):  # what tokens become in the last layer, nobody looks at
            x_BSD, view, sees_nothing_BS1 = x_BSD[:, T:], view.without_content(), sees_nothing_BS1[:, T:]
        query_BSD, way_PD = (functional.linear(x, w.view(D, D).mT) for x, w in ((x_BSD, weights.q), (r_PD, weights.r)))
        mixed_BSD = attend(query_BSD, joined_BTX, way_PD, weights.r_w_bias, weights.r_r_bias, view, dropout)
        mixed_BSD = mixed_BSD.masked_fill(sees_nothing_BS1, 0.0)
        x_BSD = weights.layer_norm(drop(functional.linear(mixed_BSD, weights.o.view(D, D))) + x_BSD)
        inner_BSF = drop(functional.gelu(layer.ff.layer_1(x_BSD)))
        x_BSD = layer.ff.layer_norm(drop(layer.ff.layer_2(inner_BSF)) + x_BSD)
    return drop(x_BSD)


def _bias_BST(ranks_BT: "Tensor", asked_BM: "Tensor") -> "tuple[Tensor, Tensor]":
    """Return 0 where a token (first) or a query (behind) sees a token, else minus infinity; and who sees nothing.

    Who sees nothing gets zeros, for a softmax over nothing is no number; what it mixes then must be left out.
    """
    import torch

    ranks_BM = ranks_BT.gather(1, asked_BM.clamp(min=0)).masked_fill(asked_BM < 0, torch.iinfo(ranks_BT.dtype).max)
    by_content_BTT = ranks_BT[:, :, None] >= ranks_BT[:, None, :]
    by_query_BMT = ranks_BM[:, :, None] > ranks_BT[:, None, :]
    is_seen_BST = torch.cat((by_content_BTT, by_query_BMT), dim=1)
    sees_nothing_BS1 = ~is_seen_BST.any(dim=2, keepdim=True)
    bias_BST = torch.zeros(is_seen_BST.shape, device=ranks_BT.device)
    return bias_BST.masked_fill(~(is_seen_BST | sees_nothing_BS1), -torch.inf), sees_nothing_BS1
