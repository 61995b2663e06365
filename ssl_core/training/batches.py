"""From a long row of tokens to batches: windows in random order, turned into examples by the pretext task."""

# B batch, T tokens, N predicted positions

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import Examples, IntArray

MakeExamples = Callable[[IntArray, np.random.Generator], Examples]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the network is given: what it sees, where it must predict (counted row by row), and the answers."""

    seen_ids_BT: torch.Tensor
    positions_N: torch.Tensor
    target_ids_N: torch.Tensor

    @property
    def num_tokens(self) -> int:
        """Tokens seen."""
        return self.seen_ids_BT.numel()

    def first(self, num_sequences: int) -> "Batch":
        """Return the first few sequences only."""
        num_kept = int((self.positions_N < num_sequences * self.seen_ids_BT.shape[1]).sum())
        return Batch(
            seen_ids_BT=self.seen_ids_BT[:num_sequences],
            positions_N=self.positions_N[:num_kept],
            target_ids_N=self.target_ids_N[:num_kept],
        )


def to_batch(examples: Examples, device: torch.device) -> Batch:
    """Move examples to a device, keeping targets only where something is predicted."""
    positions_N = np.flatnonzero(examples.is_predicted_BT)
    target_ids_N = examples.target_ids_BT.reshape(-1)[positions_N]
    arrays = (examples.seen_ids_BT, positions_N, target_ids_N)
    seen, positions, targets = (torch.from_numpy(np.ascontiguousarray(each, dtype=np.int64)).to(device) for each in arrays)
    return Batch(seen_ids_BT=seen, positions_N=positions, target_ids_N=targets)


class BatchStream:
    """Endless batches from a row of tokens: each round cuts it at a new place and shuffles the pieces."""

    def __init__(
        self,
        ids: "np.typing.NDArray[np.uint16]",
        make_examples: MakeExamples,
        *,
        batch_size: int,
        context_tokens: int,
        seed: int,
        device: torch.device,
    ) -> None:
        """Read from ``ids``; the same seed gives the same batches.

        Raises: UserError if the text is shorter than one sequence.
        """
        self._ids, self._make_examples, self._device = ids, make_examples, device
        self._batch_size, self._context_tokens = batch_size, context_tokens
        self._order_rng, self._example_rng = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
        if len(ids) < context_tokens:
            raise too_short(len(ids), context_tokens)
        self._waiting: list[int] = []

    def __iter__(self) -> "BatchStream":
        return self

    def __next__(self) -> Batch:
        while len(self._waiting) < self._batch_size:
            self._waiting.extend(self._next_round())
        starts_B = np.array(self._waiting[: self._batch_size])
        del self._waiting[: self._batch_size]
        ids_BT = self._ids[starts_B[:, None] + np.arange(self._context_tokens)].astype(np.int64)
        while True:
            examples = self._make_examples(ids_BT, self._example_rng)
            if examples.is_predicted_BT.any():
                return to_batch(examples, self._device)

    def state(self) -> dict[str, Any]:
        """Return what ``restore`` needs to go on with the very next batch, as JSON values."""
        return {
            "order": self._order_rng.bit_generator.state,
            "examples": self._example_rng.bit_generator.state,
            "waiting": list(map(int, self._waiting)),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a state returned by ``state``."""
        self._order_rng.bit_generator.state = state["order"]
        self._example_rng.bit_generator.state = state["examples"]
        self._waiting = list(state["waiting"])

    def _next_round(self) -> list[int]:
        spare = len(self._ids) % self._context_tokens
        offset = int(self._order_rng.integers(0, spare + 1))
        num_windows = (len(self._ids) - offset) // self._context_tokens
        return [offset + self._context_tokens * int(each) for each in self._order_rng.permutation(num_windows)]


def held_out_ids_BT(ids: "np.typing.NDArray[np.uint16]", num_sequences: int, context_tokens: int) -> IntArray:
    """Cut sequences that do not overlap from a held-out text, spread evenly over it; fewer if it is short.

    Raises: UserError if the text is shorter than one sequence.
    """
    num_windows = len(ids) // context_tokens
    if not num_windows:
        raise too_short(len(ids), context_tokens)
    chosen = np.linspace(0, num_windows - 1, min(num_sequences, num_windows)).astype(np.int64)
    return np.asarray(ids[(chosen * context_tokens)[:, None] + np.arange(context_tokens)].astype(np.int64))


def too_short(num_tokens: int, context_tokens: int) -> UserError:
    """Return the message for a text that does not fill one sequence."""
    return UserError(
        N_("The text is too short: a part of it has {num_tokens} tokens, and one sequence needs {context_tokens}. "
           "Give a longer text or choose a shorter context."),
        num_tokens=num_tokens,
        context_tokens=context_tokens,
    )  # fmt: skip
