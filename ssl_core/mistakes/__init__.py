"""Mistakes that people really make, each a switch on a run: break it on purpose, and see what the curve does.

A mistake is one module of this package, named in ``MENU``. It declares

    TITLE, STORY       what it is called, and in one sentence what goes wrong (marked with ``N_()``)
    WRONG, RIGHT       the same few lines of source, with the mistake and without
    WATCHED            which curve is asked about: one of ``base.WATCHED``
    CHOICES, TRUTH     shapes to guess from, and the one that was measured: keys of ``shapes.SHAPES``
    SEEN_IN            where it was met in the wild: ``base.Seen``
    WHY_HERE           optional: {"before": …, "after": …}, what is to be said of the network shown, by where its norms stand
    SETTING            training settings under which it shows, for the broken and the right run alike; {} for the usual ones
    HOOKS              what it changes: ``base.Hooks``
    applies_to(task, examples) -> bool      by what a task (its module) declares and what its examples look like

No page, engine or training code compares a mistake's key, and no mistake compares a task's.
"""

from functools import cache
from importlib import import_module
from typing import Any

import numpy as np

from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.mistakes.base import Hooks
from ssl_core.pretext import Measure
from ssl_core.pretext.base import Examples, Vocabulary

NO_MISTAKE = ""
MENU = (
    "causal_mask_forgotten",
    "targets_not_shifted",
    "loss_on_all_tokens",
    "padding_hidden",
    "only_masks",
    "labels_at_random",
    "same_two_positions",
    "static_masks",
    "one_batch_for_ever",
    "shared_duplicates",
    "learning_rate_times_thirty",
    "no_warm_up",
    "no_negatives",
    "negatives_of_same_document",
)
AS_SEEN = "as_seen"
"""Name of the measure: the loss on held-out text as the author of the mistake measures it."""

_SAMPLE_SHAPE = (8, 64)
_SAMPLE_SIZE = 64


def mistake(key: str) -> Any:
    """Return the module of the mistake ``key``.

    Raises: UserError if there is no such mistake.
    """
    if key not in MENU:
        raise UserError(N_("Unknown mistake {key!r}; choose one of {known}."), key=str(key)[:80], known=", ".join(MENU))
    return import_module(f"ssl_core.mistakes.{key}")


def hooks(key: str) -> Hooks:
    """Return what the mistake ``key`` changes; for ``NO_MISTAKE`` nothing."""
    found: Hooks = Hooks() if key == NO_MISTAKE else mistake(key).HOOKS
    return found


def measures(key: str) -> dict[str, Measure]:
    """Return what is measured beside the usual in a run with the mistake ``key``: how its author sees the loss."""
    if not hooks(key).bends_the_ruler:
        return {}
    title, told = (
        N_("as its (mistaken) author measures it"),
        N_("The loss on held-out text, measured with the mistake in it, in nats."),
    )
    return {AS_SEEN: Measure(title=title, help=told, best=None)}


@cache
def applies(key: str, task_key: str) -> bool:
    """Return whether a run of a task can make this mistake."""
    task, examples = pretext.task(task_key), _sample(task_key)
    return examples is not None and bool(mistake(key).applies_to(task, examples))


def tasks_of(key: str) -> tuple[str, ...]:
    """Return the tasks that a mistake can be made in, in the order of their menu."""
    return tuple(each for each in pretext.MENU if applies(key, each))


def of_task(task_key: str) -> tuple[str, ...]:
    """Return the mistakes that can be made in a task."""
    return tuple(each for each in MENU if applies(each, task_key))


@cache
def _sample(task_key: str) -> Examples | None:
    """Return a few examples of a task, to see what they look like; None where it finds nothing to ask."""
    task, rng = pretext.task(task_key), np.random.default_rng(0)
    is_end_V = np.zeros(_SAMPLE_SIZE, dtype=bool)
    is_end_V[5] = True
    vocabulary = Vocabulary(size=_SAMPLE_SIZE, special_ids=(0, 1, 2, 3, 4), mask_id=4, ends_sentence_V=is_end_V)
    vocabulary = pretext.vocabulary_for(task_key, task.Config(), vocabulary)
    ids_BT = rng.integers(6, _SAMPLE_SIZE, _SAMPLE_SHAPE)
    ids_BT[:, 7::8], ids_BT[:, 24::25] = 5, vocabulary.sep_id
    try:
        examples: Examples = task.make_examples(ids_BT, rng, task.Config(), vocabulary)
    except UserError:  # it asks for more than these rows hold
        return None
    return examples
