"""Which part of a network does what, found out by watching one pass, so that no table of families is needed."""

# T tokens

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

import torch
from torch import nn
from transformers import PreTrainedModel

from ssl_core.attention.kinds import SELF
from ssl_core.attention.recording import noted_down
from ssl_core.errors import UserError
from ssl_core.i18n import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Anatomy:
    """By layer, the same part more than once where layers share it.

    ``projections`` turn what the heads mixed into what is added to a token; ``blocks`` are whole layers.
    """

    projections: tuple[nn.Module, ...]
    blocks: tuple[nn.Module, ...]


@torch.no_grad()
def anatomy(model: PreTrainedModel, ids_T: Sequence[int]) -> Anatomy:
    """Watch which matrix is the first to be used after the heads of a layer have mixed: it reads what they mixed.

    The layer it belongs to is the part whose name ends with the first number in its own name.
    Raises: UserError if this family computes attention in its own way.
    """
    names = {module: name for name, module in model.named_modules()}
    found: list[nn.Module] = []
    with noted_down(model, {}) as layers, ExitStack() as hooks:

        def look(module: nn.Module, _arguments: Any) -> None:
            if len(layers.get(SELF, ())) > len(found):
                found.append(module)

        for module in model.modules():
            if _has_matrix(module):
                hooks.callback(module.register_forward_pre_hook(look).remove)
        model(input_ids=torch.tensor([list(ids_T)]))
    if not found:
        raise UserError(N_("What the heads of this model family write can't be looked at. Choose a model of another family."))
    return Anatomy(projections=tuple(found), blocks=tuple(model.get_submodule(_up_to_number(names[each])) for each in found))


def _has_matrix(module: nn.Module) -> bool:
    weight = getattr(module, "weight", None)
    return isinstance(weight, torch.Tensor) and weight.ndim == 2 and not isinstance(module, nn.Embedding)


def _up_to_number(name: str) -> str:
    parts = name.split(".")
    before = list(takewhile(lambda part: not part.isdecimal(), parts))
    return ".".join(parts[: len(before) + 1])
