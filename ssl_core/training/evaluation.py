"""The loss on held-out text: always the same sequences, hidden the same way, whatever the run's seed."""

# B batch, T tokens

from dataclasses import dataclass

import numpy as np
import torch
from transformers import PreTrainedModel

from ssl_core import models
from ssl_core.losses.masked_cross_entropy import masked_cross_entropy
from ssl_core.pretext.base import Examples, IntArray
from ssl_core.training.batches import Batch, MakeExamples, Text, nothing_to_predict, to_batch

SEQUENCES_AT_ONCE = 32
HELD_OUT_SEED = 20_02_02  # fixed, so that the lines on a chart stand for exactly what every run is measured on


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut:
    """Sequences set aside, as plain text and as examples."""

    ids_BT: IntArray
    examples: Examples
    batches: tuple[Batch, ...]


def hold_out(
    text: Text,
    make_examples: MakeExamples,
    *,
    num_sequences: int,
    context_tokens: int,
    device: torch.device,
) -> HeldOut:
    """Set sequences of a held-out text aside, spread evenly over it, and make examples of them.

    They do not overlap; a short text gives fewer than asked for.
    Raises: UserError if nothing in them is to be predicted.
    """
    num_windows = len(text.ids) // context_tokens
    assert num_windows, "a text must fill at least one sequence"
    chosen = np.linspace(0, num_windows - 1, min(num_sequences, num_windows)).astype(np.int64)
    ids_BT, starts_word_BT = text.windows(chosen * context_tokens, context_tokens)
    examples = make_examples(ids_BT, np.random.default_rng(HELD_OUT_SEED), starts_word_BT)
    if not examples.is_predicted_BT.any():
        raise nothing_to_predict()
    whole = to_batch(examples, device)
    num_tokens = SEQUENCES_AT_ONCE * context_tokens
    batches = []
    for row in range(0, len(ids_BT), SEQUENCES_AT_ONCE):
        is_inside = (whole.positions_N >= row * context_tokens) & (whole.positions_N < row * context_tokens + num_tokens)
        if is_inside.any():
            batches.append(
                Batch(
                    seen_ids_BT=whole.seen_ids_BT[row : row + SEQUENCES_AT_ONCE],
                    positions_N=whole.positions_N[is_inside] - row * context_tokens,
                    target_ids_N=whole.target_ids_N[is_inside],
                )
            )
    return HeldOut(ids_BT=ids_BT, examples=examples, batches=tuple(batches))


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
