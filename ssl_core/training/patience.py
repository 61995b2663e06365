"""Early stopping: when held-out loss has not improved for a while, stop and go back to the best weights."""

import math

import torch
from torch import nn


class Patience:
    """Remembers the best weights; a limit of 0 never stops early and remembers nothing."""

    def __init__(self, limit: int) -> None:
        """Wait for ``limit`` validations without a new best."""
        self.limit = limit
        self.best_loss_nats = math.inf
        self.best_step = 0
        self.num_worse = 0
        self.best_weights: dict[str, torch.Tensor] = {}

    def is_out(self, model: nn.Module, loss_nats: float, step: int) -> bool:
        """Take note of a validation; return whether it was one too many without a new best."""
        if not self.limit:
            return False
        if loss_nats < self.best_loss_nats:
            self.best_loss_nats, self.best_step, self.num_worse = loss_nats, step, 0
            self.best_weights = {name: value.detach().clone() for name, value in model.named_parameters()}
            return False
        self.num_worse += 1
        return self.num_worse >= self.limit

    @torch.no_grad()
    def restore_best(self, model: nn.Module) -> None:
        """Put the best weights back, if any are remembered."""
        for name, value in model.named_parameters():
            if name in self.best_weights:
                value.copy_(self.best_weights[name])
