"""Heads switched off: in place of what a head mixes stands 0, or what it mixes on average.

Zero takes away what a head says and what it always says alike; the mean takes away only what it says of this text. No weight is
changed, so that nothing must be put back.

Source: Michel et al. 2019, arXiv:1905.10650, section 3, for one head at a time and for pruning in the order of importance.
Differs: there the order comes from gradients (section 4.1), here from the loss measured without each head.
"""

# B rows, T tokens, L layers, H heads, K width of a head, N places asked, V vocabulary

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch.nn import functional
from transformers import PreTrainedModel

from ssl_core.attention.kinds import SELF
from ssl_core.attention.recording import FloatArray, HeadPlace, record, require_silenceable
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.training.batches import Batch

Head = tuple[int, int]
"""Layer and head, counted from 0."""
MOST_POINTS = 12
"""Of a pruning curve, besides its beginning."""
Silent = Mapping[HeadPlace, torch.Tensor | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The loss after so many heads went; ``order`` says which went when."""

    order: tuple[Head, ...]
    num_gone: tuple[int, ...]
    loss_nats: tuple[float, ...]


def silenced(heads: Iterable[Head], means_LHK: torch.Tensor | None = None) -> dict[HeadPlace, torch.Tensor | None]:
    """Return what ``recording.record`` needs to let these heads be silent: 0 in their place, or their mean."""
    return {(SELF, layer, head): None if means_LHK is None else means_LHK[layer, head] for layer, head in heads}


def every_head(model: PreTrainedModel) -> list[Head]:
    """Return all heads of a network of one part, layer by layer.

    Raises: UserError if it has two, or its heads can't be switched off.
    """
    if model.config.is_encoder_decoder:
        raise UserError(N_("Heads can be switched off in a network of one part only. Choose an encoder or a decoder alone."))
    require_silenceable(model)
    return [
        (layer, head) for layer in range(model.config.num_hidden_layers) for head in range(model.config.num_attention_heads)
    ]


@torch.no_grad()
def mean_outputs_LHK(model: PreTrainedModel, batches: Sequence[Batch]) -> torch.Tensor:
    """Return what each head mixes on average, over all positions of some held-out text, padding included."""
    sums_LHK, count = torch.zeros(()), 0
    for batch in batches:
        layers = record(model, batch.seen_ids_BT).layers[SELF]
        found = [torch.einsum("bhts,bhsk->hk", each.weights_BHTS, _known(each.value_BHSK)) for each in layers]
        sums_LHK = sums_LHK + torch.stack(found)
        count += batch.seen_ids_BT.numel()
    return sums_LHK / count


def _known(tensor: torch.Tensor | None) -> torch.Tensor:
    assert tensor is not None, "where heads can be silenced, their values are noted down"
    return tensor


@torch.no_grad()
def logits_BTV(
    model: PreTrainedModel, ids_BT: torch.Tensor, silent: Silent, segments_BT: torch.Tensor | None = None
) -> torch.Tensor:
    """Return what the network expects at each token, some heads being silent. Padding is seen by nobody."""
    found_BTV: torch.Tensor = record(model, ids_BT, segments_BT=segments_BT, silent=silent).output.logits
    return found_BTV.float()


def loss_nats(model: PreTrainedModel, batches: Sequence[Batch], silent: Silent) -> float:
    """Return the mean loss over the tokens asked of held-out text, in nats a token, some heads being silent."""
    sum_nats, count = 0.0, 0
    for batch in batches:
        found_BTV = logits_BTV(model, batch.seen_ids_BT, silent, batch.segments_BT)
        logits_NV = found_BTV.flatten(0, 1)[batch.positions_N]
        sum_nats += float(functional.cross_entropy(logits_NV, batch.target_ids_N, reduction="sum"))
        count += len(batch.target_ids_N)
    return sum_nats / count


def losses_without_each_LH(model: PreTrainedModel, batches: Sequence[Batch], means_LHK: torch.Tensor | None) -> FloatArray:
    """Return the loss when one head is silent, for each head."""
    heads = every_head(model)
    losses = [loss_nats(model, batches, silenced([head], means_LHK)) for head in heads]
    L, H = heads[-1][0] + 1, heads[-1][1] + 1
    return np.array(losses, dtype=np.float32).reshape(L, H)


def least_important_first(losses_LH: FloatArray) -> list[Head]:
    """Return the heads in the order in which they are pruned: first the one that is missed least."""
    order = np.argsort(losses_LH, axis=None, kind="stable")
    return [(int(number) // losses_LH.shape[1], int(number) % losses_LH.shape[1]) for number in order]


def prune(model: PreTrainedModel, batches: Sequence[Batch], order: Sequence[Head], means_LHK: torch.Tensor | None) -> Curve:
    """Silence one head after the other until none is left, and measure the loss now and then on the way."""
    num_gone = np.unique(np.linspace(0, len(order), min(len(order), MOST_POINTS) + 1).round().astype(int)).tolist()
    losses = [loss_nats(model, batches, silenced(order[:count], means_LHK)) for count in num_gone]
    return Curve(order=tuple(order), num_gone=tuple(num_gone), loss_nats=tuple(losses))


def random_orders(heads: Sequence[Head], count: int, rng: np.random.Generator) -> Iterator[list[Head]]:
    """Give some orders drawn at random, to hold an order by importance against."""
    for _ in range(count):
        yield [heads[number] for number in rng.permutation(len(heads))]
