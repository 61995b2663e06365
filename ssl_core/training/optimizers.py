"""The rules that turn gradients into steps: AdamW, SGD with momentum, Muon."""

from typing import Protocol

import torch
from torch import nn
from transformers import PreTrainedModel
from transformers.models.xlnet.modeling_xlnet import XLNetRelativeAttention
from transformers.pytorch_utils import Conv1D

from ssl_core.training.config import TrainingConfig
from ssl_core.training.muon import Muon, Weight

BETA1 = 0.9
SGD_MOMENTUM = 0.9
STACKED = {"c_attn": 3, "Wqkv": 3, "Wi": 2}
"""Modules that hold several matrices in one: queries, keys and values; inner layer and gate."""

FEWEST_OUTPUTS = 16
"""A matrix with fewer rows tells a few classes apart: it holds a few vectors, not a map, and is left to AdamW."""


class Optimizer(Protocol):
    """What the loop needs: one step at a given learning rate, and a state that can be kept."""

    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients."""

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""


class TorchOptimizer:
    """One of torch's own optimisers, its state as a flat dictionary of tensors."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        """Wrap it."""
        self._optimizer = optimizer

    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients."""
        for group in self._optimizer.param_groups:
            group["lr"] = learning_rate
        self._optimizer.step()

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""
        kept = self._optimizer.state_dict()["state"]
        return {
            f"{number}.{name}": value for number, values in kept.items() for name, value in values.items() if value is not None
        }

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""
        kept: dict[int, dict[str, torch.Tensor]] = {}
        for key, value in tensors.items():
            number, name = key.split(".", 1)
            kept.setdefault(int(number), {})[name] = value
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": kept})


class Together:
    """Several optimisers, each for its own weights, that step at once."""

    def __init__(self, **members: Optimizer) -> None:
        """Name the members; their state is kept under these names."""
        self._members = members

    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients."""
        for member in self._members.values():
            member.step(learning_rate)

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""
        return {f"{name}.{key}": value for name, each in self._members.items() for key, value in each.state_tensors().items()}

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""
        for name, each in self._members.items():
            prefix = f"{name}."
            each.load_state_tensors(
                {key.removeprefix(prefix): value for key, value in tensors.items() if key.startswith(prefix)}
            )


def build(model: PreTrainedModel, config: TrainingConfig) -> Optimizer:
    """Return the optimiser that the settings ask for; biases and norms are never decayed."""
    if config.optimizer == "muon":
        matrices = hidden_matrices(model)
        ours = {id(each.tensor) for each in matrices}
        rest = [each for each in model.parameters() if id(each) not in ours]
        dtype = torch.bfloat16 if config.optimizer_precision == "bf16" else torch.float32
        return Together(matrices=Muon(matrices, weight_decay=config.weight_decay, dtype=dtype), rest=_adamw(rest, config))
    if config.optimizer == "sgd":
        groups = _by_decay(list(model.parameters()), config)
        return TorchOptimizer(torch.optim.SGD(groups, lr=0.0, momentum=SGD_MOMENTUM, fused=True))
    return _adamw(list(model.parameters()), config)


def hidden_matrices(model: PreTrainedModel) -> list[Weight]:
    """Return the weight matrices inside the network: neither embeddings nor the output matrix."""
    networks = [each for each in model.modules() if isinstance(each, PreTrainedModel)]  # a head may hold a network, too
    outputs = {id(each.get_output_embeddings()) for each in networks}  # type: ignore[no-untyped-call]
    found = []
    for name, module in model.named_modules():
        if id(module) not in outputs and isinstance(module, (nn.Linear, Conv1D)) and min(module.weight.shape) >= FEWEST_OUTPUTS:
            num_stacked = STACKED.get(name.rsplit(".", 1)[-1], 1)
            found.append(Weight(module.weight, num_stacked, is_transposed=isinstance(module, Conv1D)))
        if isinstance(module, XLNetRelativeAttention):  # keeps its matrices bare, cut into heads
            found += [Weight(each, is_transposed=True) for each in (module.q, module.k, module.v, module.r)]
            found.append(Weight(module.o))
    return found


def _adamw(parameters: list[nn.Parameter], config: TrainingConfig) -> TorchOptimizer:
    groups = _by_decay(parameters, config)
    return TorchOptimizer(torch.optim.AdamW(groups, lr=0.0, betas=(BETA1, config.beta2), fused=True))


def _by_decay(parameters: list[nn.Parameter], config: TrainingConfig) -> list[dict[str, object]]:
    decayed = [each for each in parameters if each.ndim >= 2]
    spared = [each for each in parameters if each.ndim < 2]
    return [{"params": decayed, "weight_decay": config.weight_decay}, {"params": spared, "weight_decay": 0.0}]
