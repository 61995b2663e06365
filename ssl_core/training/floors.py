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
from ssl_core.corpora.tinyworld.floor import in_order_nats, next_token_nats, seen_nats
from ssl_core.corpora.tinyworld.messages import HIDDEN
from ssl_core.corpora.tinyworld.span_floor import unseen_nats, unseen_word_nats
from ssl_core.pretext.base import Role
from ssl_core.tokenization.base import TokenizedCorpus
from ssl_core.training import pair_floors
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


def _spans(text: SpelledText, task: Any, settings: Config) -> FloatArray | None:
    """Read all that is true: a bound that no network passes, and the floor itself where no random tokens are shown.

    Which spans lie where depends on special tokens alone, which are always seen, so it tells nothing of what is hidden. In
    three points a network knows less. It is not told which tokens are random; none is, if no random tokens are drawn. Nor is
    it told that a token that was chosen is shown as it is. Where words have several tokens, it is not told where hidden
    words begin. All three would cost this reader nothing.
    """
    is_by_word = task.corruption(settings).whole_words and not text.windows.starts_word_BT.all()
    examples, ids_BT, vocabulary = text.windows.examples, text.windows.ids_BT, text.tokenized.vocabulary
    is_unseen_BT = (examples.roles_BT == Role.HIDDEN) | (examples.roles_BT == Role.RANDOMISED)
    if not is_by_word:
        nats_BT = unseen_nats(text.plain, ids_BT, is_unseen_BT, vocabulary)
    elif text.starts_word_S is None:
        return None
    else:
        starts_word_BT = text.windows.starts_word_BT
        nats_BT = unseen_word_nats(text.machine, ids_BT, is_unseen_BT, vocabulary, starts_word_BT, text.starts_word_S)
    return _at_targets(text, np.where(is_unseen_BT, nats_BT, 0.0))


def _in_order(text: SpelledText, task: Any, settings: Config) -> FloatArray:
    """Read what comes before each token in the drawn order, and know that what is not seen yet is no special token."""
    ranks_BT, special_ids = text.windows.examples.ranks_BT, text.tokenized.vocabulary.special_ids
    assert ranks_BT is not None, "a drawn order has ranks"
    is_ordinary_S = ~np.isin(text.plain.token_S, special_ids)
    return _at_targets(text, in_order_nats(text.plain, text.windows.ids_BT, ranks_BT - 1, may_hide_S=is_ordinary_S))


def _restored(text: SpelledText, task: Any, settings: Config) -> FloatArray | None:
    """Read all that is visible, in its place, and what has been written so far: the hidden tokens of a text together.

    A bound where a gap does not tell how long it is, or moved sentences where they stood: this reader is told both. Within a
    text every hidden token costs the same here, so that only sums over whole texts say something.
    """
    windows, vocabulary = text.windows, text.tokenized.vocabulary
    is_hidden_BT = task.hidden(windows.examples, vocabulary)
    if is_hidden_BT is None:
        return None
    is_ordinary_S = ~np.isin(text.plain.token_S, vocabulary.special_ids)
    seen_BT = np.where(is_hidden_BT, HIDDEN, windows.ids_BT)
    nats_B = seen_nats(text.plain, windows.ids_BT) - seen_nats(text.plain, seen_BT, may_hide_S=is_ordinary_S)
    num_hidden_B = is_hidden_BT.sum(axis=1)
    return np.repeat(nats_B / np.maximum(num_hidden_B, 1), num_hidden_B)


def _at_targets(text: SpelledText, nats_BT: FloatArray) -> FloatArray:
    return nats_BT[text.windows.examples.is_predicted_BT]


READERS: dict[str | None, Callable[[SpelledText, Any, Config], FloatArray | None]] = {
    "next_token": _next_token,
    "masked": _masked,
    "spans": _spans,
    "in_order": _in_order,
    "restored": _restored,
    "next_sentence": pair_floors.next_sentence,
    "sentence_order": pair_floors.sentence_order,
    "relative_position": pair_floors.relative_position,
}
"""By what tasks declare: from a text to what each thing asked costs, in nats, (N,)."""
