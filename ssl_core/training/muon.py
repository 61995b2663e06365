"""Muon: every direction of a weight matrix's update gets the same size.

Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/ . Differs: matrices of one shape are updated together
in batched products, which at these sizes costs far less than one after the other.
"""

# M matrices of one shape, R rows, C columns

from collections.abc import Sequence
from dataclasses import dataclass

import torch

COEFFICIENTS = ((3.4445, -4.7750, 2.0315),) * 5
"""One triple (a, b, c) an iteration: each turns a singular value s into a s + b s^3 + c s^5."""

MOMENTUM = 0.95


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight tensor, and how to see the matrices in it.

    ``num_stacked`` matrices (query, key and value, say) lie one below the other and are updated one by one.
    ``is_transposed``: the tensor is kept as inputs x outputs, the other way round than usual.
    """

    tensor: torch.Tensor
    num_stacked: int = 1
    is_transposed: bool = False

    def matrices(self, of: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return views of ``of`` (the tensor or its gradient) as outputs x inputs."""
        return (of.mT if self.is_transposed else of).chunk(self.num_stacked)


def orthogonalised(update_MRC: torch.Tensor) -> torch.Tensor:
    """Return matrices with the same singular vectors and all singular values near 1 (0.7 to 1.2).

    A fixed number of Newton-Schulz iterations in bfloat16, which is accurate enough for an update.
    """
    X_MRC = update_MRC.bfloat16()
    is_tall = X_MRC.shape[1] > X_MRC.shape[2]
    if is_tall:
        X_MRC = X_MRC.mT
    X_MRC = X_MRC / X_MRC.float().norm(dim=(1, 2), keepdim=True).clamp(min=1e-7).bfloat16()
    for a, b, c in COEFFICIENTS:
        gram_MRR = torch.bmm(X_MRC, X_MRC.mT)
        step_MRR = torch.baddbmm(gram_MRR, gram_MRR, gram_MRR, beta=b, alpha=c)
        X_MRC = torch.baddbmm(X_MRC, step_MRR, X_MRC, beta=a)
    return (X_MRC.mT if is_tall else X_MRC).to(update_MRC.dtype)


class Muon:
    """The optimiser for matrices; ``step`` with the learning rate of the moment."""

    def __init__(self, weights: Sequence[Weight], *, weight_decay: float) -> None:
        """Group the matrices by shape; a tall one and a wide one of the same sides count as one shape."""
        self._weights, self._weight_decay = weights, weight_decay
        self._tensors = [each.tensor for each in weights]
        self._matrices = [matrix for each in weights for matrix in each.matrices(each.tensor.detach())]
        shapes = [tuple(sorted(each.shape)) for each in self._matrices]
        self._groups = [[place for place, shape in enumerate(shapes) if shape == wanted] for wanted in dict.fromkeys(shapes)]
        self._momenta = [
            torch.zeros(len(group), *shapes[group[0]], device=self._matrices[group[0]].device) for group in self._groups
        ]

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients that the weights hold."""
        if self._weight_decay:
            torch._foreach_mul_(self._tensors, 1 - learning_rate * self._weight_decay)
        gradients = [matrix for each in self._weights for matrix in each.matrices(_gradient(each.tensor))]
        for group, momentum_MRC in zip(self._groups, self._momenta, strict=True):
            gradient_MRC = torch.stack([_wide(gradients[place]) for place in group])
            momentum_MRC.lerp_(gradient_MRC, 1 - MOMENTUM)
            update_MRC = orthogonalised(gradient_MRC.lerp_(momentum_MRC, MOMENTUM))  # Nesterov: look ahead
            for place, update_RC in zip(group, update_MRC.unbind(), strict=True):
                matrix = self._matrices[place]
                num_outputs, num_inputs = matrix.shape
                size = learning_rate * max(1.0, num_outputs / num_inputs) ** 0.5
                _wide(matrix).add_(update_RC, alpha=-size)

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""
        return {f"momentum.{index}": each for index, each in enumerate(self._momenta)}

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""
        for index, each in enumerate(self._momenta):
            each.copy_(tensors[f"momentum.{index}"])


def _wide(matrix: torch.Tensor) -> torch.Tensor:
    """Return a view of a matrix that has at least as many columns as rows."""
    return matrix.mT if matrix.shape[0] > matrix.shape[1] else matrix


def _gradient(tensor: torch.Tensor) -> torch.Tensor:
    assert tensor.grad is not None, "every matrix takes part in the loss"
    return tensor.grad
