"""What a mistake may change of a run: hooks that leave everything as it is unless a mistake says otherwise."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ssl_core.config import Config
from ssl_core.i18n import N_
from ssl_core.pretext.base import BoolArray, Examples, IntArray, Vocabulary
from ssl_core.training.config import TrainingConfig

MakeExamples = Callable[[IntArray, np.random.Generator, BoolArray], Examples]
MakerFor = Callable[[Vocabulary], MakeExamples]
"""From a vocabulary to the function that makes the task's examples with it."""

AUTHOR, TRAINING, HONEST, IN_USE = "author", "training", "honest", "in_use"
WATCHED = {
    AUTHOR: N_("the validation loss as its author measures it"),
    TRAINING: N_("the training loss"),
    HONEST: N_("the validation loss"),
    IN_USE: N_("the loss on held-out text as it is in use, with no [MASK] in it"),
}
"""The curve that one is asked about: for the first two the one that the author of a mistake looks at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A place where the mistake was met: what happened there, and the paper or the address to check it at."""

    what: str
    where: str


def unchanged(value: Any, *_beside: Any) -> Any:
    """Leave a thing as it is."""
    return value


def as_usual(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Make the examples as the task does."""
    return make_with(vocabulary)


def leave_alone(_network: Any, _is_broken: bool) -> None:
    """Change nothing of a network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What a mistake changes; each hook by default changes nothing.

    Whatever they change, the loss that stands on the chart is measured without the mistake, on the same held-out text as
    that of the right run. Where examples, judged text, network or loss are changed, the author's own measurement of the
    held-out text is kept beside it.
    """

    training: Callable[[TrainingConfig], TrainingConfig] = unchanged
    settings: Callable[[Config, Any], Config] = unchanged  # (the task's settings, the task)
    examples: Callable[[MakerFor, Vocabulary], MakeExamples] = as_usual
    batches: Callable[[Any, int], Iterator[Any]] = unchanged  # (stream with state() and restore(), batches in a round)
    judged_text: Callable[[Any, Any], Any] = unchanged  # (held-out text, training text) -> what the author takes for held out
    network: Callable[[Any, bool], None] = leave_alone  # put the mistake into a network, or take it out again
    look: Callable[[Any, Any, Any], Any] = unchanged  # (how a network is asked, the objective, the task's settings)

    @property
    def bends_the_ruler(self) -> bool:
        """True if the author measures the loss otherwise than we do."""
        usual = Hooks()
        return any(
            getattr(self, name) is not getattr(usual, name)
            for name in ("settings", "examples", "judged_text", "network", "look")
        )


def ask_each_for_itself(make_with: MakerFor, vocabulary: Vocabulary) -> MakeExamples:
    """Ask every token for the token that stands there, whatever is seen of it."""
    make = make_with(vocabulary)

    def made(ids_BT: IntArray, rng: np.random.Generator, starts_word_BT: BoolArray) -> Examples:
        return replace(make(ids_BT, rng, starts_word_BT), target_ids_BT=ids_BT.copy())

    return made


def predicts_in_place(task: Any, examples: Examples) -> bool:
    """Return whether a task asks for tokens where they stand, seen from both sides."""
    is_plain = examples.labels_B is None and examples.decoder_ids_BU is None and examples.num_views == 1
    return bool(task.OBJECTIVE == "tokens" and examples.attention == "bidirectional" and is_plain)


def predicts_what_follows(task: Any, examples: Examples) -> bool:
    """Return whether a task asks at each token for the one after it."""
    return bool(task.OBJECTIVE == "tokens" and examples.attention == "causal")


def predicts_tokens(task: Any, examples: Examples) -> bool:
    """Return whether a task asks for tokens, and for nothing else, of an encoder or of a decoder."""
    return predicts_in_place(task, examples) or predicts_what_follows(task, examples)
