"""How far a network has come, in words: which of the lines on the chart its loss has passed."""

from collections.abc import Mapping
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

MARGIN_NATS = 0.1
"""Within this of the unigram line, frequencies count as known."""


class Lines(Protocol):
    """The two lines that part the phases."""

    unigram_nats: float
    bigram_nats: float


def phase(val_loss_nats: float, baselines: Lines | Mapping[str, float]) -> str:
    """Return the key of the phase that a validation loss belongs to, one of ``PHASES``.

    One word of context begins half-way between the unigram and the bigram line.
    """
    if isinstance(baselines, Mapping):
        unigram_nats, bigram_nats = baselines["unigram_nats"], baselines["bigram_nats"]
    else:
        unigram_nats, bigram_nats = baselines.unigram_nats, baselines.bigram_nats
    if val_loss_nats > unigram_nats + MARGIN_NATS:
        return "start"
    if val_loss_nats > (unigram_nats + bigram_nats) / 2:
        return "frequencies"
    return "one_word" if val_loss_nats > bigram_nats else "context"
