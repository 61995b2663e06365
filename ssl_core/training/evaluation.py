"""The loss on held-out text: always the same sequences, hidden the same way, whatever the run's seed."""

# B batch, T tokens

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch
from transformers import PreTrainedModel

from ssl_core.objectives.base import Look, mean_nats
from ssl_core.training.batches import Batch, to_batch
from ssl_core.training.windows import HeldOutWindows, MakeExamples, Text, held_out_windows

SEQUENCES_AT_ONCE = 32
SEED = 20_02_03  # for what a look at held-out text may draw

LookAt = Callable[[PreTrainedModel, Batch], Look]
Measures = Callable[[Sequence[Look]], Mapping[str, float]]
Lines = Callable[[Sequence[Look]], Mapping[str, float | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOut(HeldOutWindows):
    """Sequences set aside, as plain text, as examples and as batches."""

    batches: tuple[Batch, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a network is worth on held-out text: the charted loss, the other losses by name, and the measures.

    ``lines`` are those of the chart's lines that depend on the network itself.
    """

    loss_nats: float
    others: Mapping[str, float]
    lines: Mapping[str, float | None] = field(default_factory=dict)


def hold_out(
    text: Text,
    make_examples: MakeExamples,
    *,
    num_sequences: int,
    context_tokens: int,
    device: torch.device,
    windows_at_once: int = SEQUENCES_AT_ONCE,
) -> HeldOut:
    """Set sequences of a held-out text aside; see ``held_out_windows``. A batch holds ``windows_at_once`` of them."""
    windows = held_out_windows(text, make_examples, num_sequences=num_sequences, context_tokens=context_tokens)
    whole = to_batch(windows.examples, device)
    rows_at_once, num_rows = windows_at_once * whole.num_views, len(whole.seen_ids_BT)
    batches = [whole.rows(begin, begin + rows_at_once) for begin in range(0, num_rows, rows_at_once)]
    return HeldOut(
        ids_BT=windows.ids_BT,
        starts_word_BT=windows.starts_word_BT,
        examples=windows.examples,
        batches=tuple(each for each in batches if each.asks_anything),
    )


def no_lines(looks: Sequence[Look]) -> Mapping[str, float | None]:
    """Return none: the lines stand before anything is learnt."""
    return {}


@torch.no_grad()
def judge(
    model: PreTrainedModel,
    held_out: HeldOut,
    look: LookAt,
    measures: Measures,
    *,
    precision: str,
    lines: Lines = no_lines,
) -> Judged:
    """Return the losses over all that is asked of held-out text, in nats per thing asked, and the measures."""
    device = held_out.batches[0].seen_ids_BT.device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []), at_rest(model, precision):
        torch.manual_seed(SEED)
        looks = [look(model, batch) for batch in held_out.batches]
    losses = {name: _mean_nats(name, looks) for name in looks[0].parts}
    charted = next(iter(losses))
    return Judged(losses.pop(charted), {**losses, **measures(looks)}, lines(looks))


@contextmanager
def at_rest(model: PreTrainedModel, precision: str) -> Iterator[None]:
    """Look at a network without changing it: no gradients, no dropout, in the run's number format."""
    was_training, device = model.training, next(model.parameters()).device
    model.eval()  # type: ignore[no-untyped-call]
    try:
        with torch.no_grad(), torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16"):
            yield
    finally:
        model.train(was_training)


def _mean_nats(name: str, looks: Sequence[Look]) -> float:
    return mean_nats([look.parts[name] for look in looks])
