"""Every step sees the same batch, because the loader is asked anew for its first one."""

from collections.abc import Iterator
from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes import static_masks
from ssl_core.mistakes.base import TRAINING, Hooks, Seen

TITLE = N_("One batch for ever")
STORY = N_("The loader is started anew at each step, so that it hands out its first batch each time.")
WRONG = """for step in range(num_steps):
    batch = next(iter(loader))
    train_on(batch)"""
RIGHT = """batches = iter(loader)
for step in range(num_steps):
    train_on(next(batches))"""
WATCHED = TRAINING
CHOICES = ("nothing", "lower", "same", "flat")
TRUTH = "nothing"
SEEN_IN = (
    Seen(
        what=N_("A training loop asks for next(iter(loader)) at each step; only shuffling saved it."),
        where="https://github.com/leohsuofnthu/Pytorch-IterativeFCN/issues/7",
    ),
    Seen(
        what=N_("The same in an architecture search; there each epoch was a random sample, never the whole text."),
        where="https://github.com/skhu101/GM-NAS/issues/4",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes: any task can be starved."""
    return True


def first_batch_again(stream: Any, num_batches: int) -> Iterator[Any]:
    """Give the first batch again and again."""
    return static_masks.first_round_again(stream, 1)


HOOKS = Hooks(batches=first_batch_again)
