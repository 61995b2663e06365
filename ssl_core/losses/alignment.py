"""How near partners lie to each other on the unit sphere: one half of what contrast teaches."""

# B pairs, D width

import torch
from torch.nn import functional


def alignment(z1_BD: torch.Tensor, z2_BD: torch.Tensor) -> torch.Tensor:
    """Average the squared distance between partners, each brought to length 1.

    Returns: scalar; 0 when partners coincide, 2 when they stand at right angles, 4 when they are opposite.
    Source:  Wang & Isola 2020, arXiv:2005.10242, section 4.1.1, with alpha = 2.
    """
    difference_BD = functional.normalize(z1_BD.float(), dim=1) - functional.normalize(z2_BD.float(), dim=1)
    return difference_BD.square().sum(dim=1).mean()
