"""The pretext tasks: ways of hiding part of a text so that the text itself becomes the answer.

A task is one module of this package, named in ``MENU``. It declares

    TITLE, QUESTION    what it is called and the one-line question it answers (marked with ``N_()``)
    ABBREVIATION       what it is called for short, the same in both languages
    SOURCE, FORMULA    the paper (citation and link) and the loss in LaTeX
    FAMILIES           model families it can train, the usual one first
    LOSSES             stems of the ``losses`` modules it needs
    OBJECTIVE          stem of the ``objectives`` module that asks the network and scores its answers
    PROBE              how its progress is shown: one of ``training.probes.KINDS``, or None
    READER             what a perfect reader of its examples knows, for the floor on texts with a known grammar: one of
                       ``training.floors.READERS``, or None where no floor is known
    RECIPE             {"model": {...}, "training": {...}}: settings that learn well in the time they take, as JSON values
    Config             its knobs
    make_examples(ids_BT, rng, config, vocabulary, starts_word_BT) -> Examples      numpy only

and, where it needs them,

    LINES              {"unigram_nats": N_("..."), ...}: what the lines on the loss chart are called, if not as usual
    MEASURES           {name: Measure}: what is measured beside the loss; the objective gives the numbers
    corruption         (config) -> Corruption: how the examples came to look as they do, where that is drawn token by token; the
                       reader "masked" and the bigram line weigh it
    FEWEST_TARGETS_SHOWN   so many targets a first example should have, so that what is special about the task shows
    cuts_anew          (config) -> bool: False where each round over the text must cut it into the same windows
    SAME_DOCUMENT      settings with which its strangers come from the same document as what they are to be told from
    num_sentinels      (config) -> int: how many tokens it needs beside those of the tokenizer
    class_names        (config) -> titles: what the classes are called, by their numbers
    expected_roles     (config, num_ordinary) -> {Role: share}: of so many ordinary tokens; draws are held against it
    expected_classes   (config) -> shares: how often each class is the answer; the same
    needs_label        (config) -> str | None: which label of the documents its examples are made with, one of
                       ``document_label.LABELS``, or None; ``make_examples`` is then also given ``labels`` (``base.Labels``),
                       or None where nobody knows any
"""

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from ssl_core.config import Config
from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import Corruption, Vocabulary

MENU = (
    "masked_lm",
    "causal_lm",
    "contrastive",
    "span_masking",
    "permutation_lm",
    "next_sentence",
    "sentence_order",
    "replaced_token_detection",
    "span_corruption",
    "denoising",
    "relative_position",
    "joint",
)
"""In the order of the menus; the screen's colours are dealt out in this order, too."""

BESIDE = ("document_label",)
"""What is no pretext task, as somebody has to tell the answers, but can be learnt beside one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure beside the loss."""

    title: str
    help: str
    chance: float | None = None  # what guessing gives, where that is known beforehand
    best: float | None = 1.0
    needs_labels: bool = False  # True: measured only on texts that carry such labels


def task(key: str) -> Any:
    """Return the module of the pretext task ``key``.

    Raises: UserError if there is no such task.
    """
    if key not in MENU:
        raise UserError(N_("Unknown pretext task {key!r}; choose one of {known}."), key=str(key)[:80], known=", ".join(MENU))
    return import_module(f"ssl_core.pretext.{key}")


def part(key: str) -> Any:
    """Return the module of one part of joint training: a pretext task, or what can only be learnt beside one.

    Raises: UserError if there is no such part.
    """
    return import_module(f"ssl_core.pretext.{key}") if key in BESIDE else task(key)


def needed_label(key: str, config: Config) -> str | None:
    """Return which label of the documents the examples of the task ``key`` are made with; None where they need none."""
    told = getattr(task(key), "needs_label", None)
    found: str | None = None if told is None else told(config)
    return found


def measures(key: str) -> dict[str, Measure]:
    """Return what is measured beside the loss of the task ``key``."""
    return getattr(task(key), "MEASURES", {})


def cuts_anew(key: str, config: Config) -> bool:
    """Return whether each round over a text cuts it at other places, so that hardly a window is seen twice."""
    told = getattr(task(key), "cuts_anew", None)
    return told is None or bool(told(config))


def corruption(key: str, config: Config) -> Corruption | None:
    """Return how the examples of the task ``key`` come to look as they do; None where tokens are not shown as others."""
    told = getattr(task(key), "corruption", None)
    found: Corruption | None = None if told is None else told(config)
    return found


def vocabulary_for(key: str, config: Config, vocabulary: Vocabulary) -> Vocabulary:
    """Return a tokenizer's vocabulary with the tokens that the task ``key`` needs beside it."""
    num_sentinels = getattr(task(key), "num_sentinels", None)
    return vocabulary if num_sentinels is None else replace(vocabulary, num_sentinels=num_sentinels(config))
