"""What each head of a network does with a text, noted down while Hugging Face's own forward pass runs.

The forward pass asks a registry for the function that attends; ours computes what the plain ("eager") one computes, notes
it down, and can let heads be silent. So one mechanism serves every family that asks the registry; XLNet does not.
"""

# B rows, T asking tokens, S tokens asked, H heads, K width of a head, L layers, D width

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from inspect import signature
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from transformers import AttentionInterface, AttentionMaskInterface, PreTrainedModel
from transformers.masking_utils import eager_mask

from ssl_core.attention.heads.sentence import BoolArray
from ssl_core.attention.kinds import CROSS, DECODER, SELF
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.tokenization.base import PAD_ID

FloatArray = npt.NDArray[np.float32]
_FORBIDDEN = -1e30  # Hugging Face writes the lowest number there is
_NAME = "noted_down"
_CROSS_NAMES = ("encoder_attn", "EncDecAttention", "crossattention")
HeadPlace = tuple[str, int, int]
"""Kind, layer and head, counted from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer's attention: ``weights = softmax(query · key * scale + bias)``; each row of the weights adds up to 1.

    Queries and keys are those after any rotation by position. XLNet gives weights alone.
    """

    weights_BHTS: torch.Tensor
    query_BHTK: torch.Tensor | None = None
    key_BHSK: torch.Tensor | None = None
    value_BHSK: torch.Tensor | None = None
    bias_BHTS: torch.Tensor | None = None  # 0 where a token may look freely; sides of 1 stand for all
    scale: float = 1.0

    @property
    def limits_BHTS(self) -> torch.Tensor:
        """The bias where a token may look, minus infinity where it may not; sides of 1 stand for all."""
        if self.bias_BHTS is None:
            return torch.zeros(1, 1, 1, 1)
        return self.bias_BHTS.float().masked_fill(self.bias_BHTS < _FORBIDDEN, -torch.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What the heads did, by kind of attention and layer, and what came out."""

    layers: Mapping[str, tuple[Layer, ...]]
    output: Any  # Hugging Face's own output of this pass

    def weights_LBHTS(self, kind: str = SELF) -> FloatArray:
        """Return the weights of all layers together, float32."""
        return np.asarray(torch.stack([each.weights_BHTS for each in self.layers[kind]]).float().cpu().numpy())

    def may_look_LBTS(self, kind: str = SELF) -> BoolArray:
        """Return True where some head of a layer could look, whether it did or not."""
        layers = self.layers[kind]
        B, _H, T, S = layers[0].weights_BHTS.shape
        return np.stack([each.limits_BHTS.isfinite().any(dim=1).expand(B, T, S).cpu().numpy() for each in layers])


@dataclass(slots=True)
class _Watch:
    kinds: Mapping[Any, str]
    silent: Mapping[HeadPlace, torch.Tensor | None]
    layers: dict[str, list[Layer]] = field(default_factory=dict)


_watch: ContextVar[_Watch | None] = ContextVar("watch", default=None)
"""The pass that is being noted down; passes of other threads are not."""


def record(
    model: PreTrainedModel,
    ids_BT: torch.Tensor,
    *,
    pad_id: int | None = PAD_ID,
    segments_BT: torch.Tensor | None = None,
    decoder_ids_BU: torch.Tensor | None = None,
    silent: Mapping[HeadPlace, torch.Tensor | None] | None = None,
) -> Recorded:
    """Let a network at rest read, and note down what each head does. Padding is seen by nobody; ``pad_id`` None: there is none.

    ``segments_BT`` reach families that tell segments apart. ``silent`` names heads that say nothing: in place of what a head
    mixes stands 0, or the vector_K given. Gradients flow if they are switched on.
    Raises: UserError if heads of this family can't be silenced.
    """
    is_there_BT = torch.ones_like(ids_BT) if pad_id is None else (ids_BT != pad_id).long()
    named: dict[str, Any] = {"attention_mask": is_there_BT}
    if segments_BT is not None and "token_type_ids" in signature(model.forward).parameters:
        named["token_type_ids"] = segments_BT
    if decoder_ids_BU is not None:
        named["decoder_input_ids"] = decoder_ids_BU
    with noted_down(model, silent or {}) as layers:
        output = model(input_ids=ids_BT, output_attentions=not _asks_registry(model), **named)
    if not _asks_registry(model):
        return Recorded(layers={SELF: tuple(Layer(weights_BHTS=each) for each in output.attentions)}, output=output)
    return Recorded(layers={kind: tuple(each) for kind, each in layers.items()}, output=output)


@contextmanager
def noted_down(model: PreTrainedModel, silent: Mapping[HeadPlace, torch.Tensor | None]) -> Iterator[dict[str, list[Layer]]]:
    """Note down what the network's heads do inside this block, in a dictionary by kind that fills as layers are passed.

    Raises: UserError if heads of this family can't be silenced.
    """
    if silent:
        require_silenceable(model)
    if not _asks_registry(model):
        yield {}
        return
    watch = _Watch(kinds=_kinds(model), silent=silent)
    before, token = model.config._attn_implementation, _watch.set(watch)
    model.set_attn_implementation(_NAME)
    try:
        yield watch.layers
    finally:
        model.set_attn_implementation(before)
        _watch.reset(token)


def require_silenceable(model: PreTrainedModel) -> None:
    """Raise a UserError if heads of this family can't be silenced."""
    if not _asks_registry(model):
        raise UserError(N_("Heads of this model family can't be switched off. Choose a model of another family."))


def _asks_registry(model: PreTrainedModel) -> bool:
    return bool(model._can_set_attn_implementation())


def _kinds(model: PreTrainedModel) -> dict[Any, str]:
    """Say of each part of the network which kind of attention it would be."""
    has_two_parts = bool(model.config.is_encoder_decoder)
    return {module: _kind(name) if has_two_parts else SELF for name, module in model.named_modules()}


def _kind(name: str) -> str:
    if any(each in name for each in _CROSS_NAMES):
        return CROSS
    return DECODER if "decoder." in name else SELF


def _attend(
    module: torch.nn.Module,
    query_BHTK: torch.Tensor,
    key_BGSK: torch.Tensor,
    value_BGSK: torch.Tensor,
    attention_mask: torch.Tensor | None,
    scaling: float | None = None,
    position_bias: torch.Tensor | None = None,
    **_named: Any,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Attend as the plain function does, and note it down. G groups of heads share a key."""
    num_sharing = query_BHTK.shape[1] // key_BGSK.shape[1]
    key_BHSK, value_BHSK = (each.repeat_interleave(num_sharing, dim=1) for each in (key_BGSK, value_BGSK))
    scale = query_BHTK.shape[-1] ** -0.5 if scaling is None else scaling
    biases = [each for each in (position_bias, attention_mask) if each is not None]
    bias = sum(biases[1:], biases[0]) if biases else None
    scores_BHTS = query_BHTK @ key_BHSK.mT * scale
    weights_BHTS = (scores_BHTS if bias is None else scores_BHTS + bias).softmax(dim=-1)
    mixed_BTHK = (weights_BHTS @ value_BHSK).transpose(1, 2)
    watch = _watch.get()
    if watch is not None:
        kind = watch.kinds[module]
        layers = watch.layers.setdefault(kind, [])
        for head in range(query_BHTK.shape[1]):
            if (place := (kind, len(layers), head)) in watch.silent:
                mixed_BTHK = _silenced(mixed_BTHK, head, watch.silent[place])
        layers.append(
            Layer(
                weights_BHTS=weights_BHTS, query_BHTK=query_BHTK, key_BHSK=key_BHSK, value_BHSK=value_BHSK,
                bias_BHTS=bias, scale=scale,
            )
        )  # fmt: skip
    return mixed_BTHK.contiguous(), weights_BHTS


def _silenced(mixed_BTHK: torch.Tensor, head: int, instead_K: torch.Tensor | None) -> torch.Tensor:
    silenced_BTHK = mixed_BTHK.clone()
    silenced_BTHK[:, :, head] = 0.0 if instead_K is None else instead_K
    return silenced_BTHK


AttentionInterface.register(_NAME, _attend)
AttentionMaskInterface.register(_NAME, eager_mask)
