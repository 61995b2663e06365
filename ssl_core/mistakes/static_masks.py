"""The masks are drawn once, before the training, and a small text is read again and again with the same ones."""

from collections.abc import Iterator
from typing import Any

from ssl_core.i18n import N_
from ssl_core.mistakes.base import HONEST, Hooks, Seen, predicts_in_place

TITLE = N_("Masks drawn once, on a small text")
STORY = N_("What is hidden is fixed beforehand, so each round over the text asks the very same questions.")
WRONG = """examples = [hide(each, rng) for each in texts]
for epoch in range(num_epochs):
    for batch in batches_of(examples): ..."""
RIGHT = """for epoch in range(num_epochs):
    examples = [hide(each, rng) for each in texts]
    for batch in batches_of(examples): ..."""
WATCHED = HONEST
CHOICES = ("turns", "same", "worse", "lower")
TRUTH = "turns"
SEEN_IN = (
    Seen(
        what=N_("BERT drew its masks beforehand, ten times over each text; RoBERTa draws them anew, and gains a little."),
        where="Liu et al. 2019, arXiv:1907.11692, section 4.1",
    ),
    Seen(
        what=N_("A user asks a library to draw masks during training: its BERT example had them computed and stored."),
        where="https://github.com/PaddlePaddle/PaddleNLP/issues/1340",
    ),
)
SETTING = {"training_tokens": 16_384}
MOST_BATCHES = 2_000


def applies_to(task: Any, examples: Any) -> bool:
    """Say yes where what is hidden is drawn."""
    return predicts_in_place(task, examples)


def first_round_again(stream: Any, num_batches: int) -> Iterator[Any]:
    """Make the batches of one round over the text and give them again and again, in the same order.

    The stream is put back to where it began, so that a run that is taken up again makes the same batches.
    """
    began = stream.state()
    kept = [next(stream) for _ in range(min(num_batches, MOST_BATCHES))]
    stream.restore(began)
    while True:
        yield from kept


HOOKS = Hooks(batches=first_round_again)
