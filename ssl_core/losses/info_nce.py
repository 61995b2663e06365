"""The contrastive loss: find your partner among strangers."""

# B anchors, C candidates, N further strangers, D width

import torch
from torch.nn import functional


def similarities(z1_BD: torch.Tensor, z2_CD: torch.Tensor) -> torch.Tensor:
    """Return the cosine of the angle between each row of z1 and each of z2, in float32: similarity_BC."""
    with torch.autocast(z1_BD.device.type, enabled=False):  # a temperature of 0.05 makes 20 of every rounding error
        return functional.normalize(z1_BD.float(), dim=1) @ functional.normalize(z2_CD.float(), dim=1).T


def info_nce(
    z1_BD: torch.Tensor, z2_BD: torch.Tensor, temperature: float, strangers_ND: torch.Tensor | None = None
) -> torch.Tensor:
    """Ask each row of z1 to pick its own partner among all rows of z2, by the angle between them.

    ``strangers_ND`` (hard negatives) are candidates, too, and nobody's partner.
    Returns: scalar, nats per anchor; ln(B + N) when all embeddings coincide, 0 where there is nothing to choose from.
    Source:  van den Oord et al. 2018, arXiv:1807.03748, eq. 4; with hard negatives Gao et al. 2021, arXiv:2104.08821,
             eq. 5. SimCLR (Chen et al. 2020, arXiv:2002.05709, eq. 1) asks in both directions and has an anchor's own
             side among the candidates, too: 2B - 1 of them. Differs: one direction, as in SimCSE.
    """
    candidates_CD = z2_BD if strangers_ND is None else torch.cat([z2_BD, strangers_ND])
    scores_BC = similarities(z1_BD, candidates_CD) / temperature
    return functional.cross_entropy(scores_BC, torch.arange(len(z1_BD), device=z1_BD.device))
