"""The randomness of dropout, and of objectives that draw, kept apart from everybody else's.

torch's dropout draws from the device's default generator and takes no other. So a run lends it its own state for the
length of a forward pass and puts the old one back: the only place in training that touches it.
"""

from types import TracebackType

import torch
from torch import nn


class Noise:
    """A context in which this run's own numbers are drawn. Does nothing for a network that draws none."""

    def __init__(self, model: nn.Module, device: torch.device, seed: int, *, draws: bool = False) -> None:
        """Start the run's own sequence of numbers; ``draws`` if more than dropout draws them."""
        config = getattr(model, "config", None)
        names = [name for name in vars(config) if "drop" in name] if config is not None else []
        rates = [getattr(config, name) for name in names]
        self._is_needed = draws or any(isinstance(rate, float) and rate > 0 for rate in rates)
        self._generator = _default_generator(device)
        self.state = torch.Generator(device).manual_seed(seed).get_state()
        self._lent = self.state

    def __enter__(self) -> None:
        if self._is_needed:
            self._lent = self._generator.get_state()
            self._generator.set_state(self.state)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._is_needed:
            self.state = self._generator.get_state()
            self._generator.set_state(self._lent)


def _default_generator(device: torch.device) -> torch.Generator:
    if device.type == "cuda":
        return torch.cuda.default_generators[device.index or torch.cuda.current_device()]
    if device.type == "mps":
        return torch.mps._get_default_mps_generator()
    return torch.default_generator
