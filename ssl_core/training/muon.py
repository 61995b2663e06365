"""Muon: every direction of a weight matrix's update gets the same size.

Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/ . Differs: matrices of one shape are updated together
in one batched product, which at these sizes costs far less than one after the other.
"""

# M matrices of one shape, R rows, C columns

from collections.abc import Sequence

import torch

COEFFICIENTS = (3.4445, -4.7750, 2.0315)
NUM_ITERATIONS = 5
MOMENTUM = 0.95


def orthogonalised(update_MRC: torch.Tensor, num_iterations: int = NUM_ITERATIONS) -> torch.Tensor:
    """Return matrices with the same singular vectors and all singular values near 1 (0.7 to 1.2).

    A fixed number of Newton-Schulz iterations in bfloat16, which is accurate enough for an update.
    """
    a, b, c = COEFFICIENTS
    X_MRC = update_MRC.bfloat16()
    is_tall = X_MRC.shape[1] > X_MRC.shape[2]
    if is_tall:
        X_MRC = X_MRC.mT
    X_MRC = X_MRC / X_MRC.float().norm(dim=(1, 2), keepdim=True).clamp(min=1e-7).bfloat16()
    for _ in range(num_iterations):
        gram_MRR = torch.bmm(X_MRC, X_MRC.mT)
        step_MRR = torch.baddbmm(gram_MRR, gram_MRR, gram_MRR, beta=b, alpha=c)
        X_MRC = torch.baddbmm(X_MRC, step_MRR, X_MRC, beta=a)
    return (X_MRC.mT if is_tall else X_MRC).to(update_MRC.dtype)


class Muon:
    """The optimiser for matrices; ``step`` with the learning rate of the moment."""

    def __init__(self, matrices: Sequence[torch.Tensor], *, weight_decay: float) -> None:
        """Group the matrices by shape."""
        self._weight_decay = weight_decay
        shapes = dict.fromkeys(tuple(each.shape) for each in matrices)
        self._groups = [[each for each in matrices if tuple(each.shape) == shape] for shape in shapes]
        self._momenta = [torch.zeros(len(group), *group[0].shape, device=group[0].device) for group in self._groups]

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients that the matrices hold."""
        for group, momentum_MRC in zip(self._groups, self._momenta, strict=True):
            gradient_MRC = torch.stack([each.grad for each in group if each.grad is not None])
            momentum_MRC.lerp_(gradient_MRC, 1 - MOMENTUM)
            update_MRC = orthogonalised(gradient_MRC.lerp_(momentum_MRC, MOMENTUM))  # Nesterov: look ahead
            rows, columns = update_MRC.shape[1:]
            size = learning_rate * max(1.0, rows / columns) ** 0.5
            if self._weight_decay:
                torch._foreach_mul_(group, 1 - learning_rate * self._weight_decay)
            torch._foreach_add_(group, list(update_MRC.unbind()), alpha=-size)

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""
        return {f"momentum.{index}": each for index, each in enumerate(self._momenta)}

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""
        for index, each in enumerate(self._momenta):
            each.copy_(tensors[f"momentum.{index}"])
