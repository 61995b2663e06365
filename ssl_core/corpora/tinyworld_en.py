"""TinyWorld in English: short stories from a small grammar, whose best possible loss is known."""

from ssl_core.corpora.base import Card, Corpus
from ssl_core.corpora.tinyworld import documents
from ssl_core.i18n import N_

CARD = Card(
    key="tinyworld-en",
    title=N_("TinyWorld, English"),
    language="en",
    licence="MIT",
    source=N_(
        "Told by this project's own grammar, ssl_core/corpora/tinyworld/english.toml, which anybody can read and change."
    ),
    description=N_(
        "Short stories about twelve people in eight places and two moods. Since the grammar is known, so is the lowest loss "
        "that any model can reach, and which word depends on which."
    ),
    flaws=N_(
        "It is a toy: a few hundred words and a few dozen sentence patterns, every choice equally likely. What a model learns "
        "here says little about real text; look at one of those, too."
    ),
    num_documents=documents.NUM_STORIES,
    num_words=1276608,
)


def load() -> Corpus:
    """Open the corpus; its stories are told when they are first asked for."""
    return documents.corpus(CARD)
