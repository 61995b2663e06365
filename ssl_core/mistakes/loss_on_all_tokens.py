"""The loss counts all tokens, also those that anyone can read off."""

from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen, ask_each_for_itself, predicts_in_place

TITLE = N_("The loss counts all tokens, not the hidden ones")
STORY = N_("Most of what is asked stands there in plain sight and need only be copied.")
WRONG = """labels = ids.clone()
seen = ids.masked_fill(is_hidden, MASK)
loss = model(seen, labels=labels).loss"""
RIGHT = """labels = ids.masked_fill(~is_hidden, -100)
seen = ids.masked_fill(is_hidden, MASK)
loss = model(seen, labels=labels).loss"""
WATCHED = AUTHOR
CHOICES = ("lower", "same", "worse", "flat")
TRUTH = "lower"
SEEN_IN = (
    Seen(
        what=N_("“I also used to not mask the others: losses of 0.1 to 0.2; now it is 1.6” – a user, after mending it."),
        where="https://github.com/huggingface/transformers/issues/20797",
    ),
    Seen(
        what=N_("An image model (MaskGIT) was trained on all tokens, against its paper."),
        where="https://github.com/dome272/MaskGIT-pytorch/issues/14",
    ),
    Seen(
        what=N_("Asked again and again: which labels are −100, those that are hidden or those that are not?"),
        where="https://github.com/huggingface/transformers/issues/2946",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where some tokens are hidden and others not."""
    return predicts_in_place(task, examples)


HOOKS = Hooks(examples=ask_each_for_itself)
