"""The lowest loss there could be on a text whose grammar is known: what a perfect reader would lose. No torch here.

A task says in its file, by ``READER``, what a reader of its examples knows; nothing here knows a task by its name.
"""

# B sequences, T tokens, N predicted tokens

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.config import Config
from ssl_core.corpora import Corpus
from ssl_core.corpora.tinyworld.corrupted_floor import masked_nats
from ssl_core.corpora.tinyworld.floor import next_token_nats
from ssl_core.tokenization.base import TokenizedCorpus
from ssl_core.training.spelled_text import SpelledText
from ssl_core.training.windows import HeldOutWindows

FloatArray = npt.NDArray[np.float64]


def floor_nats(
    corpus: Corpus, tokenized: TokenizedCorpus, task: Any, settings: Config, windows: HeldOutWindows
) -> float | None:
    """Return the loss of a perfect reader at exactly the predicted positions of ``windows``, in nats per predicted token.

    None where it is not known: the text has no known grammar, the task's reader is not one of ours, or the tokenizer does
    not spell each word always the same way.
    """
    nats_N = nats_at_targets(corpus, tokenized, task, settings, windows)
    return None if nats_N is None or not np.isfinite(nats_N).all() else float(nats_N.mean())


def nats_at_targets(
    corpus: Corpus, tokenized: TokenizedCorpus, task: Any, settings: Config, windows: HeldOutWindows
) -> FloatArray | None:
    """Return what each thing asked costs a perfect reader, (N,), row by row; None where that is not known."""
    read = READERS.get(task.READER)
    if corpus.machine is None or read is None:
        return None
    text = SpelledText.of(corpus, tokenized, windows)
    return None if text is None else read(text, task, settings)


def _next_token(text: SpelledText, task: Any, settings: Config) -> FloatArray:
    """Read all tokens to the left."""
    nats_BT = np.full(text.windows.ids_BT.shape, np.nan)
    nats_BT[:, :-1] = next_token_nats(text.plain, text.windows.ids_BT)[:, 1:]
    return _at_targets(text, nats_BT)


def _masked(text: SpelledText, task: Any, settings: Config) -> FloatArray | None:
    """Read all that is shown, and weigh how it came to look so."""
    corruption, examples, vocabulary = task.corruption(settings), text.windows.examples, text.tokenized.vocabulary
    seen_BT, target_BT = examples.seen_ids_BT, examples.target_ids_BT
    if not corruption.whole_words or text.windows.starts_word_BT.all():
        return _at_targets(text, masked_nats(text.plain, seen_BT, target_BT, corruption, vocabulary))
    if text.starts_word_S is None:
        return None
    nats_BT = masked_nats(text.machine, seen_BT, target_BT, corruption, vocabulary, text.starts_word_S)
    return _at_targets(text, nats_BT)


def _at_targets(text: SpelledText, nats_BT: FloatArray) -> FloatArray:
    return nats_BT[text.windows.examples.is_predicted_BT]


READERS: dict[str | None, Callable[[SpelledText, Any, Config], FloatArray | None]] = {
    "next_token": _next_token,
    "masked": _masked,
}
"""By what tasks declare: from a text to what each thing asked costs, in nats, (N,)."""
