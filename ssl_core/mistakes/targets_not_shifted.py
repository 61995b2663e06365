"""The targets are not shifted: each token is asked for itself."""

from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen, ask_each_for_itself, predicts_what_follows

TITLE = N_("The targets are not shifted")
STORY = N_("The answer at each place is the very token that stands there, not the next one.")
WRONG = """logits = model(ids)
loss = cross_entropy(logits.flatten(0, 1), ids.flatten())"""
RIGHT = """logits = model(ids)[:, :-1]
loss = cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())"""
WATCHED = AUTHOR
CHOICES = ("nothing", "lower", "same", "flat")
TRUTH = "nothing"
SEEN_IN = (
    Seen(
        what=N_(
            "Who shifts, the caller or the model? In this library the model does; who shifts as well trains the word after."
        ),
        where="https://github.com/huggingface/transformers/pull/44642",
    ),
    Seen(
        what=N_("A model of the library shifted twice and learnt to predict the word after the next one."),
        where="https://github.com/huggingface/transformers/issues/47394",
    ),
    Seen(
        what=N_("A learner reads “labels = inputs” and asks whether the model then only copies: the right question."),
        where="https://github.com/huggingface/transformers/issues/2033",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where the answer is the next token."""
    return predicts_what_follows(task, examples)


HOOKS = Hooks(examples=ask_each_for_itself)
