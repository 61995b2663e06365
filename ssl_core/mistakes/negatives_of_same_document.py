"""The negatives come from the same document as the texts they are to be told from."""

from dataclasses import replace
from typing import Any

from ssl_core.config import Config
from ssl_core.i18n import N_
from ssl_core.mistakes.base import AUTHOR, Hooks, Seen

TITLE = N_("Negatives from the same document")
STORY = N_("What counts as a stranger is often a near relative: another sentence of the same story.")
WRONG = """other = random_sentence(of=document)
loss = contrast(anchor, partner, stranger=other)"""
RIGHT = """other = random_sentence(of=another(document))
loss = contrast(anchor, partner, stranger=other)"""
WATCHED = AUTHOR
CHOICES = ("worse", "same", "flat", "lower")
TRUTH = "worse"
SEEN_IN = (
    Seen(
        what=N_("With a single document the “random” second sentence is taken from the same one, sometimes the true one."),
        where="https://github.com/NVIDIA/DeepLearningExamples/issues/421",
    ),
    Seen(
        what=N_("The negative may even be the very sentence that follows: nothing checks it."),
        where="https://github.com/codertimo/BERT-pytorch/issues/86",
    ),
)
SETTING: dict[str, Any] = {}


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where a task declares by which settings its strangers come from the same document."""
    return bool(getattr(task, "SAME_DOCUMENT", None))


def from_same_document(settings: Config, task: Any) -> Config:
    """Take strangers from the same document."""
    return replace(settings, **task.SAME_DOCUMENT)


HOOKS = Hooks(settings=from_same_document)
