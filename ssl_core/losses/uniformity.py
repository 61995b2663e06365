"""How evenly vectors are spread over the unit sphere: the other half of what contrast teaches."""

# B vectors, D width, P pairs

import torch
from torch.nn import functional

SHARPNESS = 2.0


def uniformity(z_BD: torch.Tensor) -> torch.Tensor:
    """Take the logarithm of the mean of exp(-2 distance²) over all pairs of different rows, each brought to length 1.

    Returns: scalar, at most 0; 0 when all coincide, about -4 + 8 / D when they are spread evenly over a sphere of many
             dimensions. 0 for a single row, which has no pair.
    Source:  Wang & Isola 2020, arXiv:2005.10242, section 4.1.2, with t = 2.
    """
    if len(z_BD) < 2:
        return torch.zeros((), device=z_BD.device)
    squared_P = torch.pdist(functional.normalize(z_BD.float(), dim=1)).square()
    return (-SHARPNESS * squared_P).exp().mean().log()
