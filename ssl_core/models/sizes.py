"""How large a network is: width, depth and number of attention heads, the same for every family."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Width of a token's vector, number of layers, number of attention heads."""

    width: int
    layers: int
    heads: int


SIZES = {
    "tiny": Size(width=64, layers=2, heads=2),
    "small": Size(width=128, layers=4, heads=4),
    "shelf": Size(width=192, layers=6, heads=6),
    "medium": Size(width=256, layers=6, heads=8),
}
