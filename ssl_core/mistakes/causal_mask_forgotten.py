"""The causal mask is forgotten: each token sees the one it must predict."""

from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen, predicts_what_follows

TITLE = N_("The causal mask is forgotten")
STORY = N_("A model that writes may look at the words it is asked for.")
WRONG = """scores = query @ key.mT / sqrt(width)
weights = scores.softmax(dim=-1)"""
RIGHT = """scores = query @ key.mT / sqrt(width)
scores[..., is_later] = -inf
weights = scores.softmax(dim=-1)"""
WATCHED = AUTHOR
CHOICES = ("nothing", "same", "worse", "flat")
TRUTH = "nothing"
SEEN_IN = (
    Seen(
        what=N_(
            "PyTorch's own tutorial on language modelling had no mask until 2023: perplexity 2.9, and not one sensible word."
        ),
        where="https://github.com/pytorch/tutorials/issues/2478",
    ),
    Seen(
        what=N_("Four decoders of the transformers library saw the future since version 5.9; the loss fell to almost zero."),
        where="https://github.com/huggingface/transformers/issues/48745",
    ),
    Seen(
        what=N_("A mask of −10,000 instead of −∞: a network learnt to get past it."),
        where="https://github.com/karpathy/minGPT/issues/75",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where each token may only look back."""
    return predicts_what_follows(task, examples)


def see_ahead(network: Any, is_broken: bool) -> None:
    """Let every token see every other, or put the mask back; ``models.attention.backward_bias_TT`` asks for it."""
    network.config.sees_ahead = is_broken


HOOKS = Hooks(network=see_ahead)
