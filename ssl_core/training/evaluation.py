"""The loss on held-out text: always the same sequences, hidden the same way, whatever the run's seed."""

# B batch, T tokens

from dataclasses import dataclass

import torch
from transformers import PreTrainedModel

from ssl_core import models
from ssl_core.losses.masked_cross_entropy import masked_cross_entropy
from ssl_core.training.batches import Batch, to_batch
from ssl_core.training.windows import HeldOutWindows, MakeExamples, Text, held_out_windows

SEQUENCES_AT_ONCE = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut(HeldOutWindows):
    """Sequences set aside, as plain text, as examples and as batches."""

    batches: tuple[Batch, ...]


def hold_out(
    text: Text,
    make_examples: MakeExamples,
    *,
    num_sequences: int,
    context_tokens: int,
    device: torch.device,
) -> HeldOut:
    """Set sequences of a held-out text aside; see ``held_out_windows``."""
    windows = held_out_windows(text, make_examples, num_sequences=num_sequences, context_tokens=context_tokens)
    whole = to_batch(windows.examples, device)
    num_tokens = SEQUENCES_AT_ONCE * context_tokens
    batches = []
    for row in range(0, len(windows.ids_BT), SEQUENCES_AT_ONCE):
        is_inside = (whole.positions_N >= row * context_tokens) & (whole.positions_N < row * context_tokens + num_tokens)
        if is_inside.any():
            batches.append(
                Batch(
                    seen_ids_BT=whole.seen_ids_BT[row : row + SEQUENCES_AT_ONCE],
                    positions_N=whole.positions_N[is_inside] - row * context_tokens,
                    target_ids_N=whole.target_ids_N[is_inside],
                )
            )
    return HeldOut(
        ids_BT=windows.ids_BT,
        starts_word_BT=windows.starts_word_BT,
        examples=windows.examples,
        batches=tuple(batches),
    )


@torch.no_grad()
def mean_loss_nats(model: PreTrainedModel, held_out: HeldOut, *, precision: str) -> float:
    """Return the average loss over all predicted positions, in nats."""
    was_training = model.training
    model.eval()  # type: ignore[no-untyped-call]
    device = held_out.batches[0].seen_ids_BT.device
    total, count = torch.zeros((), dtype=torch.float64), 0
    with torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
        for batch in held_out.batches:
            logits_NV = models.predict(model, batch.seen_ids_BT, batch.positions_N)
            total += masked_cross_entropy(logits_NV, batch.target_ids_N).cpu().double() * len(batch.target_ids_N)
            count += len(batch.target_ids_N)
    model.train(was_training)
    return float(total / count)
