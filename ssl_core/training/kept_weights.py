"""The weights of a run as they were along the way, so that one can go back and look: half precision, a file a step."""

from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from transformers import PreTrainedModel

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.paths import written_whole
from ssl_core.runs import weights

MOST_FILES = 32
MOST_BYTES = 200_000_000  # of one run


def keep(folder: Path, model: PreTrainedModel, step: int) -> None:
    """Write what the network has learnt by ``step``; where that makes too many files, every second older one goes.

    Snapshots are taken at growing distances, and what is left of them after that still is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with written_whole(weights.step_file(folder, step)) as partial:
        save_file({name: value.detach().cpu().half().contiguous() for name, value in model.named_parameters()}, partial)
    while len(kept := weights.steps_in(folder)) > 2 and _is_too_much(folder, kept):
        for each in kept[1:-1:2]:
            weights.step_file(folder, each).unlink(missing_ok=True)


@torch.no_grad()
def load(folder: Path, model: PreTrainedModel, step: int) -> None:
    """Put a network back to what it was at ``step``, rounded to half precision.

    Raises: UserError if that is not kept, or belongs to another network.
    """
    try:
        with safe_open(weights.step_file(folder, step), framework="pt") as file:
            for name, value in model.named_parameters():
                value.copy_(file.get_tensor(name))
    except (OSError, SafetensorError, RuntimeError) as error:
        raise UserError(N_("The weights of step {step} can't be read: {reason}"), step=step, reason=str(error)[:300]) from error


def _is_too_much(folder: Path, steps: list[int]) -> bool:
    return len(steps) > MOST_FILES or sum(weights.step_file(folder, each).stat().st_size for each in steps) > MOST_BYTES
