"""What one look at a network gives: losses that can be added up over batches, and what is measured beside them."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Part:
    """One loss, as a sum over what was asked and how much that was, so that batches add up exactly."""

    sum_nats: "torch.Tensor"  # scalar, with its gradient
    count: int

    @property
    def mean_nats(self) -> "torch.Tensor":
        """Nats per thing asked; 0 where nothing was."""
        return self.sum_nats / max(self.count, 1)

    @classmethod
    def of_mean(cls, mean_nats: "torch.Tensor", count: int) -> "Part":
        """Return the part whose mean is known."""
        return cls(mean_nats * count, count)


@dataclass(frozen=True, slots=True)
class Look:
    """One pass over one batch."""

    total: "torch.Tensor"  # scalar: what the gradient follows
    parts: dict[str, Part]  # by name; the first one is what the chart shows
    seen: dict[str, "torch.Tensor"] = field(default_factory=dict)  # detached: what the measures are taken from

    @property
    def charted(self) -> Part:
        """The loss that stands on the chart."""
        return next(iter(self.parts.values()))
