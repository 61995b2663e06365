"""What the loss would be without a network: guessing blindly, by frequency, and by a bigram model.

All three are measured on exactly the positions on which the network's validation loss is.
"""

# B batch, T tokens, N predicted positions, V vocabulary

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import numpy.typing as npt

from ssl_core.errors import UserError
from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, Corruption, Examples, IntArray, Vocabulary
from ssl_core.training.bigram_line import BigramReader
from ssl_core.training.bigram_model import BigramModel
from ssl_core.training.bigram_questions import questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Baselines:
    """Losses in nats per thing asked; None where there is no such line.

    The floor is known only for texts made by a known grammar; pairs of tokens say nothing about classes of whole texts.
    """

    uniform_nats: float
    unigram_nats: float
    bigram_nats: float | None
    floor_nats: float | None = None
    num_targets: int

    def to_json(self) -> dict[str, float | None]:
        """Return plain JSON values."""
        return asdict(self)


def measure(
    train_ids: npt.NDArray[np.integer],
    ids_BT: IntArray,
    examples: Examples,
    vocabulary: Vocabulary,
    *,
    corruption: Corruption | None = None,
    texts_at_once: Sequence[int] | None = None,
) -> Baselines:
    """Measure the lines that stand on every loss chart.

    - uniform: every token is as likely as any other: ln V.
    - unigram: a token is as likely as it is frequent in the training text.
    - bigram: a token is as likely as a chain of pairs makes it, given all that the network sees: the token to the left, where a
      network writes from left to right; the nearest visible tokens on both sides and how far away they are, where it fills in.
      What is told exactly: ``bigram_questions.questions``. Rare left neighbours are mixed with frequencies (``BigramModel``).

    Where a row asks for a class instead of tokens, unigram means how frequent the classes are. Where a row asks for nothing
    but its own other view, uniform means that any text of the batch may be it, and so does unigram.

    Args: ids_BT is the clean text of ``examples``. ``corruption`` says how the examples came to look as they do, where that is
          drawn token by token. ``texts_at_once`` says how many texts each batch tells apart; without it, all at once.
    Raises: UserError if there is nothing to tell the one text apart from.
    """
    if examples.labels_B is not None and not examples.asks_tokens:
        return _of_classes(examples.labels_B[examples.labels_B != IGNORED], examples.num_classes)
    if examples.num_views > 1 and not examples.asks_tokens:
        return _of_views(examples, texts_at_once or [len(examples.seen_ids_BT) // examples.num_views])
    asked, model = questions(ids_BT, examples, vocabulary), BigramModel(train_ids, vocabulary.size_with_sentinels)
    reader = BigramReader.of(model, examples, asked, vocabulary, corruption)
    return Baselines(
        uniform_nats=float(np.log(vocabulary.size_with_sentinels)),
        unigram_nats=float(-np.log(model.unigram_V[asked.targets_N]).mean()),
        bigram_nats=float(-np.log(reader.probabilities(asked)).mean()),
        num_targets=len(asked.targets_N),
    )


def _of_views(examples: Examples, texts_at_once: Sequence[int]) -> Baselines:
    """Return what a blind pick costs in batches of so many texts: exactly what a network loses to which all are alike."""
    texts_B = np.array(texts_at_once, dtype=np.int64)
    if texts_B.max(initial=0) < 2:
        raise UserError(
            N_("Texts are told apart from each other here, and only one could be set aside to measure that on: every "
               "answer would be right. Give more text, or choose a shorter context.")
        )  # fmt: skip
    nats_B = np.log(texts_B * (examples.num_views - 1))  # a third view is one more stranger a text
    alone = float((texts_B * nats_B).sum() / texts_B.sum())
    return Baselines(uniform_nats=alone, unigram_nats=alone, bigram_nats=None, num_targets=len(examples.seen_ids_BT))


def _of_classes(labels_N: IntArray, num_classes: int) -> Baselines:
    share_C = np.bincount(labels_N, minlength=num_classes) / len(labels_N)
    asked_C = share_C[share_C > 0]
    return Baselines(
        uniform_nats=float(np.log(num_classes)),
        unigram_nats=float(-(asked_C * np.log(asked_C)).sum()),
        bigram_nats=None,
        num_targets=len(labels_N),
    )
