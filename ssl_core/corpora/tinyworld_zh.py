"""TinyWorld in Chinese: short stories from a small grammar, whose best possible loss is known."""

from ssl_core.corpora.base import Corpus
from ssl_core.corpora.tinyworld import documents
from ssl_core.i18n import N_

CARD = documents.card(
    "zh",
    title=N_("TinyWorld, Chinese"),
    source=N_(
        "Told by this project's own grammar, ssl_core/corpora/tinyworld/chinese.toml, which anybody can read and change."
    ),
    num_words=2090836,
)


def load() -> Corpus:
    """Open the corpus; its stories are told when they are first asked for."""
    return documents.corpus(CARD)
