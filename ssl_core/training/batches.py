"""From a long row of tokens to batches: windows in random order, turned into examples by the pretext task."""

# B batch, T tokens, N predicted positions

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch

from ssl_core.pretext.base import Examples, Role, asks_any
from ssl_core.training.windows import MakeExamples, Text, nothing_to_predict

MAX_ROUND = 200_000  # windows shuffled together: of a text with more, each round takes so many from all over it
MAX_TRIES = 20  # at a low mask rate a batch may by chance hide nothing; then it is drawn again


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What the network is given: what it sees, where it must predict (counted row by row), and the answers.

    All else is as in ``pretext.base.Examples``, None where the task has no use for it.
    """

    seen_ids_BT: torch.Tensor
    positions_N: torch.Tensor
    target_ids_N: torch.Tensor
    segments_BT: torch.Tensor | None = None
    ranks_BT: torch.Tensor | None = None
    decoder_ids_BU: torch.Tensor | None = None
    decoder_target_ids_BU: torch.Tensor | None = None
    decoder_counts_BU: torch.Tensor | None = None
    labels_B: torch.Tensor | None = None
    num_classes: int = 0
    num_views: int = 1
    tokens_by_row: tuple[int, ...] = ()  # of ``seen_ids_BT``, padding left out; all of each row where nothing is said

    def __post_init__(self) -> None:
        """Take rows that nobody counted for full ones."""
        if not self.tokens_by_row:
            num_rows, num_tokens = self.seen_ids_BT.shape
            object.__setattr__(self, "tokens_by_row", (num_tokens,) * num_rows)

    @property
    def num_tokens(self) -> int:
        """Tokens that the network reads, padding left out; what a decoder writes does not count."""
        return sum(self.tokens_by_row)

    @property
    def tokens_by_sequence(self) -> tuple[int, ...]:
        """The same for each sequence: a row, or all views of one text together."""
        views = self.num_views
        return tuple(sum(self.tokens_by_row[begin : begin + views]) for begin in range(0, len(self.tokens_by_row), views))

    @property
    def num_texts(self) -> int:
        """Texts, of which each may have several views."""
        return len(self.seen_ids_BT) // self.num_views

    @property
    def asks_anything(self) -> bool:
        """True if there is anything to learn from this batch."""
        return len(self.target_ids_N) > 0 or self.num_views > 1 or asks_any(self.decoder_target_ids_BU, self.labels_B)

    def first(self, num_sequences: int) -> "Batch":
        """Return the first few sequences only; views of one text are one sequence."""
        return self.rows(0, num_sequences * self.num_views)

    def rows(self, begin: int, end: int) -> "Batch":
        """Return the sequences from ``begin`` to before ``end``."""
        T = self.seen_ids_BT.shape[1]
        is_inside_N = (self.positions_N >= begin * T) & (self.positions_N < end * T)
        return replace(
            self,
            positions_N=self.positions_N[is_inside_N] - begin * T,
            target_ids_N=self.target_ids_N[is_inside_N],
            tokens_by_row=self.tokens_by_row[begin:end],
            **{name: value[begin:end] for name in BY_ROW if (value := getattr(self, name)) is not None},
        )


BY_ROW = tuple(each.name for each in fields(Batch) if each.name.endswith(("_BT", "_BU", "_B")))


def to_batch(examples: Examples, device: torch.device) -> Batch:
    """Move examples to a device, keeping targets only where something is predicted."""
    positions_N = np.flatnonzero(examples.is_predicted_BT)
    arrays = {"positions_N": positions_N, "target_ids_N": examples.target_ids_BT.reshape(-1)[positions_N]}
    arrays |= {name: value for name in BY_ROW if (value := getattr(examples, name)) is not None}
    tensors = {name: torch.from_numpy(np.ascontiguousarray(each, dtype=np.int64)).to(device) for name, each in arrays.items()}
    lengths_B = (examples.roles_BT != Role.PADDING).sum(axis=1)
    return Batch(
        **tensors, num_classes=examples.num_classes, num_views=examples.num_views, tokens_by_row=tuple(lengths_B.tolist())
    )


class BatchStream:
    """Endless batches from a row of tokens: each round cuts it at a new place, or always the same, and shuffles the pieces."""

    def __init__(
        self,
        text: Text,
        make_examples: MakeExamples,
        *,
        batch_size: int,
        context_tokens: int,
        seed: int,
        device: torch.device,
        cuts_anew: bool = True,
    ) -> None:
        """Read from ``text``; the same seed gives the same batches."""
        assert len(text.ids) >= context_tokens, "a text must fill at least one sequence"
        self._text, self._make_examples, self._device = text, make_examples, device
        self._batch_size, self._context_tokens, self._cuts_anew = batch_size, context_tokens, cuts_anew
        self._order_rng, self._example_rng = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 2])
        self._waiting: list[int] = []

    def __iter__(self) -> "BatchStream":
        return self

    def __next__(self) -> Batch:
        while len(self._waiting) < self._batch_size:
            self._waiting.extend(self._next_round())
        starts_B = np.array(self._waiting[: self._batch_size])
        del self._waiting[: self._batch_size]
        ids_BT, beside = self._text.windows(starts_B, self._context_tokens)
        for _ in range(MAX_TRIES):
            examples = self._make_examples(ids_BT, self._example_rng, *beside)
            if examples.asks_anything:
                return to_batch(examples, self._device)
        raise nothing_to_predict()

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
        num_offsets = min(self._context_tokens, len(self._text.ids) - self._context_tokens + 1)
        offset = int(self._order_rng.integers(0, num_offsets)) if self._cuts_anew else 0
        num_windows = (len(self._text.ids) - offset) // self._context_tokens
        order = (
            self._order_rng.permutation(num_windows)
            if num_windows <= MAX_ROUND
            else self._order_rng.choice(num_windows, MAX_ROUND, replace=False)
        )
        return [offset + self._context_tokens * int(each) for each in order]
