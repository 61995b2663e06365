"""Where the arithmetic happens: CPU, CUDA or Apple's MPS."""

import torch

from ssl_core.errors import UserError
from ssl_core.i18n import N_


def choose(wanted: str) -> torch.device:
    """Return the device asked for; "auto" takes CUDA before MPS before CPU.

    Raises: UserError if this machine has no such device.
    """
    available = [name for name in ("cuda", "mps", "cpu") if is_available(name)]
    if wanted == "auto":
        return torch.device(available[0])
    if wanted not in available:
        raise UserError(N_("This machine has no {wanted}; choose one of {known}."), wanted=wanted, known=", ".join(available))
    return torch.device(wanted)


def describe(device: torch.device) -> str:
    """Return the device's name as a person would say it."""
    if device.type == "cuda":
        return f"cuda ({torch.cuda.get_device_name(device)})"
    return device.type


def is_available(name: str) -> bool:
    """Return whether this machine has "cuda", "mps" or "cpu"."""
    if name == "cuda":
        return torch.cuda.is_available()
    return name == "cpu" or torch.backends.mps.is_available()
