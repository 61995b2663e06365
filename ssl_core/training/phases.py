"""How far a network has come, in words: which of the lines on the chart its loss has passed."""

import math
from collections.abc import Iterable, Mapping
from typing import Protocol

from ssl_core.i18n import N_

PHASES = ("start", "frequencies", "some_context", "context")

TITLES = {
    "start": N_("Finding out which tokens there are"),
    "frequencies": N_("Word frequencies only"),
    "some_context": N_("Some context"),
    "context": N_("More than a bigram model"),
}

EXPLANATIONS = {
    "start": N_("The network began by giving every token the same chance. It now learns which ones are frequent."),
    "frequencies": N_(
        "It knows how frequent each token is, but hardly looks at the text around. A table of counts does as well."
    ),
    "some_context": N_("The text around helps, but a bigram model, which only counts which token follows which, does better."),
    "context": N_("It predicts better than the bigram model on the chart can."),
}

OF_ANSWERS = {
    "start": N_("Finding out what is asked"),
    "frequencies": N_("How often each answer is right"),
    "context": N_("Clues from the text"),
}
"""What the phases are called where not tokens are asked for, but answers about a text: there is no bigram line."""

EXPLANATIONS_OF_ANSWERS = {
    "start": N_("The network's answers are worse than always saying the same. It now learns how often each is right."),
    "frequencies": N_(
        "It answers as well as somebody who never looks at the text, but only knows how often each answer is right."
    ),
    "context": N_("It answers better than without looking: something in the text gives the answer away."),
}

MARGIN_NATS = 0.1
"""Within this of the unigram line, a network counts as knowing frequencies, and no more."""


class Lines(Protocol):
    """The two lines that part the phases; where there is no bigram line, the phase before it is passed over."""

    unigram_nats: float
    bigram_nats: float | None


def begins_at(baselines: Lines | Mapping[str, float]) -> dict[str, float]:
    """Return the validation loss in nats at which each phase begins.

    Each begins where what is said of it is true: some context where frequencies alone could not do as well, context where a
    bigram model could not. Without a bigram line, context begins as soon as frequencies alone could not do as well.
    """
    unigram_nats: float
    bigram_nats: float | None
    if isinstance(baselines, Mapping):
        unigram_nats, bigram_nats = baselines["unigram_nats"], baselines["bigram_nats"]
    else:
        unigram_nats, bigram_nats = baselines.unigram_nats, baselines.bigram_nats
    known, passed = unigram_nats + MARGIN_NATS, unigram_nats - MARGIN_NATS
    losses_nats = (math.inf, known, passed, passed if bigram_nats is None else min(passed, bigram_nats))
    return dict(zip(PHASES, losses_nats, strict=True))


def titles(baselines: Lines | Mapping[str, float] | None) -> dict[str, str]:
    """Return the phases that a run with these lines goes through, in order, with what each is called (to be translated)."""
    return OF_ANSWERS if _asks_answers(baselines) else TITLES


def explanations(baselines: Lines | Mapping[str, float] | None) -> dict[str, str]:
    """Return what each phase means (to be translated)."""
    return EXPLANATIONS_OF_ANSWERS if _asks_answers(baselines) else EXPLANATIONS


def _asks_answers(baselines: Lines | Mapping[str, float] | None) -> bool:
    if baselines is None:
        return False
    pairs = baselines["bigram_nats"] if isinstance(baselines, Mapping) else baselines.bigram_nats
    return pairs is None


def phase(val_loss_nats: float, baselines: Lines | Mapping[str, float]) -> str:
    """Return the key of the phase that a validation loss belongs to, one of ``PHASES``; none is left out on the way."""
    reached = PHASES[0]
    for key, loss_nats in begins_at(baselines).items():
        if val_loss_nats > loss_nats:
            break
        reached = key
    return reached


def first_reached(val_losses_nats: Iterable[float], baselines: Lines | Mapping[str, float]) -> dict[str, int]:
    """Return for each phase that was reached the place of the first loss in it, or beyond it where it was jumped over."""
    found: dict[str, int] = {}
    for place, loss_nats in enumerate(val_losses_nats):
        for key in PHASES[: PHASES.index(phase(loss_nats, baselines)) + 1]:
            found.setdefault(key, place)
    return found
