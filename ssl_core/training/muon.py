"""Muon: all directions of a weight matrix's update get more nearly the same size.

Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/ . Differs: matrices of one shape are updated together
in batched products; three iterations instead of five, from a tighter bound on the singular values (the products it needs are
there anyway): they learn as fast, though they leave most small singular values small (docs/LOG.md); momentum 0.85 instead of
0.95, which forgets in time for runs of some hundred steps.
"""

# M matrices of one shape, R rows, C columns

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch

COEFFICIENTS = ((3.4445, -4.7750, 2.0315),) * 3
"""One triple (a, b, c) an iteration: each turns a singular value s into a s + b s^3 + c s^5."""

MOMENTUM = 0.85

LONG = 2
"""Of matrices so many times as long as wide, the iterations are followed on products of the shorter sides: fewer products."""


@dataclass(frozen=True, slots=True)
class Weight:
    """A weight tensor, and how to see the matrices in it.

    ``num_stacked`` matrices (query, key and value, say) are kept in one tensor and updated one by one.
    ``is_transposed``: the tensor is inputs x outputs, the other way round than usual. Of a tensor with more than two sides
    the first is one side of the matrix, and all others are the other.
    """

    tensor: torch.Tensor
    num_stacked: int = 1
    is_transposed: bool = False

    def matrices(self, of: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return views of ``of`` (the tensor or its gradient), one a matrix."""
        return of.flatten(1).chunk(self.num_stacked, dim=1 if self.is_transposed else 0)

    @property
    def size(self) -> float:
        """The step's size: larger where few inputs feed many outputs, so that the outputs change alike."""
        sides = self.tensor.flatten(1).shape
        outputs, inputs = reversed(sides) if self.is_transposed else sides
        return math.sqrt(max(1.0, outputs / self.num_stacked / inputs))


def orthogonalised(update_MRC: torch.Tensor, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    """Return matrices with the same singular vectors and singular values nearer to 1.

    A fixed number of Newton-Schulz iterations, computed in ``dtype``; bfloat16 is accurate enough for an update. A singular
    value of at least 0.018 of the bound ends between 0.68 and 1.20. Of real updates 12 to 45 % are that large; the others
    are raised by up to 3.4445 an iteration, 41 in all, and stay below (five iterations: 68 to 79 %).
    """
    short, long = sorted(update_MRC.shape[1:])
    is_long = dtype == torch.float32 and long >= LONG * short
    return _by_gram_matrices(update_MRC) if is_long else _step_by_step(update_MRC, dtype)


def _step_by_step(update_MRC: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """Apply each iteration to the matrices themselves."""
    is_tall = update_MRC.shape[1] > update_MRC.shape[2]
    norm_M11 = update_MRC.norm(dim=(1, 2), keepdim=True).clamp(min=1e-30)
    X_MRC = (update_MRC / norm_M11).to(dtype)
    gram_MSS = _gram(X_MRC)
    bound_M11 = _bound(gram_MSS)
    X_MRC, gram_MSS = X_MRC / bound_M11.to(dtype), gram_MSS / bound_M11.square().to(dtype)
    for number, (a, b, c) in enumerate(COEFFICIENTS):
        if number:
            gram_MSS = _gram(X_MRC)
        step_MSS = torch.baddbmm(gram_MSS, gram_MSS, gram_MSS, beta=b, alpha=c)
        X_MRC = torch.baddbmm(X_MRC, *((X_MRC, step_MSS) if is_tall else (step_MSS, X_MRC)), beta=a)
    result_MRC: torch.Tensor = X_MRC.to(update_MRC.dtype)
    return result_MRC


def _by_gram_matrices(update_MRC: torch.Tensor) -> torch.Tensor:
    """Follow the iterations on the small square products of the shorter sides, and touch the long matrices but twice.

    Each iteration multiplies X by P = a + b G + c G G, where G = X X'; so the next G is P G P, and all P multiply up to one.
    """
    gram_MSS = _gram(update_MRC)
    norm_M11 = gram_MSS.diagonal(dim1=1, dim2=2).sum(-1)[:, None, None].sqrt().clamp(min=1e-18)
    gram_MSS = gram_MSS / norm_M11.square()
    bound_M11 = _bound(gram_MSS)
    gram_MSS = gram_MSS / bound_M11.square()
    whole_MSS = None
    for number, (a, b, c) in enumerate(COEFFICIENTS, start=1):
        step_MSS = torch.baddbmm(gram_MSS, gram_MSS, gram_MSS, beta=b, alpha=c)
        step_MSS.diagonal(dim1=1, dim2=2).add_(a)
        whole_MSS = step_MSS if whole_MSS is None else torch.bmm(whole_MSS, step_MSS)
        if number < len(COEFFICIENTS):
            gram_MSS = torch.bmm(torch.bmm(step_MSS, gram_MSS), step_MSS)
    assert whole_MSS is not None, "there is at least one iteration"
    whole_MSS = whole_MSS / (norm_M11 * bound_M11)
    is_tall = update_MRC.shape[1] > update_MRC.shape[2]
    return torch.bmm(update_MRC, whole_MSS) if is_tall else torch.bmm(whole_MSS, update_MRC)


def _gram(X_MRC: torch.Tensor) -> torch.Tensor:
    """Return the products of the shorter sides: X X' of a wide matrix, X' X of a tall one."""
    is_tall = X_MRC.shape[1] > X_MRC.shape[2]
    return torch.bmm(X_MRC.mT, X_MRC) if is_tall else torch.bmm(X_MRC, X_MRC.mT)


def _bound(gram_MSS: torch.Tensor) -> torch.Tensor:
    """Return what no singular value is above: the fourth root of the sum of their fourth powers."""
    bound_M11: torch.Tensor = gram_MSS.float().norm(dim=(1, 2), keepdim=True).sqrt()
    return bound_M11.clamp(min=1e-6)  # 0 only where there is no gradient


class Muon:
    """The optimiser for matrices; ``step`` with the learning rate of the moment."""

    def __init__(self, weights: Sequence[Weight], *, weight_decay: float, dtype: torch.dtype = torch.float32) -> None:
        """Group the matrices by shape and size of step; directions are computed in ``dtype``."""
        self._weights, self._weight_decay, self._dtype = weights, weight_decay, dtype
        self._tensors = [each.tensor for each in weights]
        self._matrices = [matrix for each in weights for matrix in each.matrices(each.tensor.detach())]
        kinds = [(matrix.shape, each.size) for each in weights for matrix in each.matrices(each.tensor)]
        self._kinds = list(dict.fromkeys(kinds))
        self._groups = [[place for place, kind in enumerate(kinds) if kind == wanted] for wanted in self._kinds]
        self._momenta = [
            torch.zeros(len(group), *shape, device=self._tensors[0].device)
            for group, (shape, _) in zip(self._groups, self._kinds, strict=True)
        ]

    @torch.no_grad()
    def step(self, learning_rate: float) -> None:
        """Take one step down the gradients that the weights hold."""
        if self._weight_decay:
            torch._foreach_mul_(self._tensors, 1 - learning_rate * self._weight_decay)
        gradients = [matrix for each in self._weights for matrix in each.matrices(_gradient(each.tensor))]
        for group, (_, size), momentum_MRC in zip(self._groups, self._kinds, self._momenta, strict=True):
            gradient_MRC = torch.stack([gradients[place] for place in group])
            momentum_MRC.lerp_(gradient_MRC, 1 - MOMENTUM)
            update_MRC = orthogonalised(gradient_MRC.lerp_(momentum_MRC, MOMENTUM), self._dtype)  # Nesterov: look ahead
            matrices = [self._matrices[place] for place in group]
            torch._foreach_add_(matrices, list(update_MRC.unbind()), alpha=-learning_rate * size)

    def state_tensors(self) -> dict[str, torch.Tensor]:
        """Return everything that must be kept between steps."""
        return {f"momentum.{index}": each for index, each in enumerate(self._momenta)}

    def load_state_tensors(self, tensors: dict[str, torch.Tensor]) -> None:
        """Go on from what ``state_tensors`` returned."""
        for index, each in enumerate(self._momenta):
            each.copy_(tensors[f"momentum.{index}"])


def _gradient(tensor: torch.Tensor) -> torch.Tensor:
    # a task may leave a matrix out: the output layer of a network that is asked for no tokens
    return torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
