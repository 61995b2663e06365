"""Saving a run in the middle and going on from there: one safetensors file, numbers and JSON only, never pickle."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from transformers import PreTrainedModel

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.paths import written_whole
from ssl_core.training.loop import LoopState

FILE_NAME = "checkpoint.safetensors"


def save(folder: Path, model: PreTrainedModel, state: LoopState, rest: dict[str, Any]) -> None:
    """Write the network, the optimiser, the state of every random generator and where the run stands.

    ``rest`` holds JSON values to keep beside them. Replaces an older checkpoint in one move.
    """
    tensors: dict[str, torch.Tensor] = {f"model.{name}": value for name, value in model.named_parameters()}
    tensors |= {f"best.{name}": value for name, value in state.patience.best_weights.items()}
    tensors |= {f"optimizer.{name}": value for name, value in state.optimizer.state_tensors().items()}
    tensors["noise"] = state.noise.state
    where = {
        "step": state.step,
        "tokens": state.tokens,
        "pace": state.pace,
        "validations_s": state.validations_s,
        "longest_validation_s": state.longest_validation_s,
        "best_loss_nats": None
        if state.patience.best_step == 0 and not state.patience.best_weights
        else state.patience.best_loss_nats,
        "best_step": state.patience.best_step,
        "num_worse": state.patience.num_worse,
    }
    folder.mkdir(parents=True, exist_ok=True)
    with written_whole(folder / FILE_NAME) as partial:
        whole = {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()}
        save_file(whole, partial, metadata={"loop": json.dumps(where), "rest": json.dumps(rest)})


def load(folder: Path, model: PreTrainedModel, state: LoopState) -> dict[str, Any]:
    """Put a network and a loop's state back to where ``save`` left them, and return ``rest``.

    Raises: UserError if there is no checkpoint here or it does not belong to this network.
    """
    try:
        with safe_open(folder / FILE_NAME, framework="pt") as file:
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
            metadata = file.metadata()
        _fill(model, state, tensors)
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise _none_here(folder) from error
    where = json.loads(metadata["loop"])
    state.has_started = True
    for name in ("step", "tokens", "validations_s", "longest_validation_s"):
        setattr(state, name, where[name])
    state.pace[:] = where["pace"]
    state.patience.best_step, state.patience.num_worse = where["best_step"], where["num_worse"]
    if where["best_loss_nats"] is not None:
        state.patience.best_loss_nats = where["best_loss_nats"]
    rest: dict[str, Any] = json.loads(metadata["rest"])
    return rest


@torch.no_grad()
def load_weights(folder: Path, model: PreTrainedModel) -> int:
    """Put only a network's weights back to where ``save`` left them, and return the step it was at.

    Raises: UserError if there is no checkpoint here or it does not belong to this network.
    """
    try:
        with safe_open(folder / FILE_NAME, framework="pt") as file:
            for name, value in model.named_parameters():
                value.copy_(file.get_tensor(f"model.{name}"))
            return int(json.loads(file.metadata()["loop"])["step"])
    except (OSError, SafetensorError, KeyError, RuntimeError) as error:
        raise _none_here(folder) from error


def _none_here(folder: Path) -> UserError:
    return UserError(N_("There is no checkpoint in {folder} that belongs to this run."), folder=folder.name)


@torch.no_grad()
def _fill(model: PreTrainedModel, state: LoopState, tensors: dict[str, torch.Tensor]) -> None:
    for name, value in model.named_parameters():
        value.copy_(tensors[f"model.{name}"])
    state.optimizer.load_state_tensors(_under("optimizer.", tensors))
    state.patience.best_weights = _under("best.", tensors)
    state.noise.state = tensors["noise"]


def _under(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
