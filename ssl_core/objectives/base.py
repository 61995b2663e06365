"""What one look at a network gives: losses that can be added up over batches, and what is measured beside them."""

from collections.abc import Mapping, Sequence
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


def mean_nats(parts: Sequence[Part]) -> float:
    """Return the nats per thing asked over several batches."""
    return sum(float(part.sum_nats.double()) for part in parts) / max(sum(part.count for part in parts), 1)


@dataclass(frozen=True, slots=True)
class Look:
    """One pass over one batch."""

    parts: dict[str, Part]  # by name; the first one is what the chart shows
    seen: dict[str, "torch.Tensor"] = field(default_factory=dict)  # detached: what the measures are taken from
    weights: Mapping[str, float] = field(default_factory=dict)  # of the parts that are learnt; none: the charted one alone

    @property
    def charted(self) -> Part:
        """The loss that stands on the chart."""
        return next(iter(self.parts.values()))

    @property
    def learnt(self) -> Mapping[str, float]:
        """The parts that the gradient follows, and the weight of each."""
        return self.weights or {next(iter(self.parts)): 1.0}

    @property
    def total(self) -> "torch.Tensor":
        """Scalar: what the gradient follows."""
        return self.share({name: self.parts[name].count for name in self.learnt})

    def share(self, asked: Mapping[str, int]) -> "torch.Tensor":
        """Return what this batch adds to the total of several, of which so much was asked in all, part by part.

        The shares of all batches add up to the total of one batch that holds them all.
        """
        told = [weight * self.parts[name].sum_nats / max(asked[name], 1) for name, weight in self.learnt.items()]
        return sum(told[1:], start=told[0])
