"""How far a network has come, in words: which of the lines on the chart its loss has passed."""

import math
from collections.abc import Iterable, Mapping
from typing import Protocol

from ssl_core.i18n import N_

PHASES = ("start", "frequencies", "one_word", "context")

TITLES = {
    "start": N_("Finding out which tokens there are"),
    "frequencies": N_("Word frequencies only"),
    "one_word": N_("One word of context"),
    "context": N_("More than one word of context"),
}

EXPLANATIONS = {
    "start": N_("The network began by giving every token the same chance. It now learns which ones are frequent."),
    "frequencies": N_(
        "It knows how frequent each token is, but hardly looks at the text around. A table of counts does as well."
    ),
    "one_word": N_("It uses the text around: by now about as much as a table of which token follows which could."),
    "context": N_("It predicts better than a table of pairs: it puts several words of context together."),
}

OF_ANSWERS = {
    "start": N_("Finding out what is asked"),
    "frequencies": N_("How often each answer is right"),
    "context": N_("Clues from the text"),
}
"""What the phases are called where not tokens are asked for, but answers about a text: there is no line of pairs."""

EXPLANATIONS_OF_ANSWERS = {
    "start": N_("The network's answers are worse than always saying the same. It now learns how often each is right."),
    "frequencies": N_(
        "It answers as well as somebody who never looks at the text, but only knows how often each answer is right."
    ),
    "context": N_("It answers better than without looking: something in the text gives the answer away."),
}

MARGIN_NATS = 0.1
"""Within this of the unigram line, frequencies count as known."""


class Lines(Protocol):
    """The two lines that part the phases; where there is no line of pairs, the phase of one word is passed over."""

    unigram_nats: float
    bigram_nats: float | None


def begins_at(baselines: Lines | Mapping[str, float]) -> dict[str, float]:
    """Return the validation loss in nats at which each phase begins.

    One word of context begins half-way between the unigram and the bigram line. Without a bigram line, context begins as soon
    as frequencies alone could not do as well.
    """
    unigram_nats: float
    bigram_nats: float | None
    if isinstance(baselines, Mapping):
        unigram_nats, bigram_nats = baselines["unigram_nats"], baselines["bigram_nats"]
    else:
        unigram_nats, bigram_nats = baselines.unigram_nats, baselines.bigram_nats
    known = unigram_nats + MARGIN_NATS
    if bigram_nats is None:
        losses_nats = (math.inf, known, unigram_nats - MARGIN_NATS, unigram_nats - MARGIN_NATS)
    else:
        losses_nats = (math.inf, known, (unigram_nats + bigram_nats) / 2, bigram_nats)
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
