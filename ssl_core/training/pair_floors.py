"""What a perfect reader loses on pairs of sentences of a text whose grammar is known. No torch here.

Exact as far as whole sentences are asked about, which is so wherever two of the longest fit into half a window. In shorter
windows short pairs are a little more frequent than the reader takes them to be, and it is an estimate.
"""

# P pairs, S states, K distances, C classes

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from ssl_core.corpora.tinyworld.sentence_distance import distance_probabilities
from ssl_core.corpora.tinyworld.sentence_pairs import answers, follows_log_odds, sentence_starts
from ssl_core.pretext.base import Examples, IntArray, Role
from ssl_core.training.spelled_text import SpelledText

FloatArray = npt.NDArray[np.float64]
Sentence = tuple[int, ...]


def next_sentence(text: SpelledText, task: Any, settings: Any) -> FloatArray | None:
    """Weigh how likely the second sentence is after the first against how likely it is in any other story.

    Not known where strangers come from the same document.
    """
    if settings.negatives != "document":
        return None
    first, second = _sentences(text.windows.examples)
    first_S, second_S = (sentence_starts(text.plain, _marks(text), openings=openings) for openings in (True, False))
    log_odds_P = follows_log_odds(text.plain, first, second, first_S, second_S)
    with np.errstate(divide="ignore", invalid="ignore"):  # where all pairs are true, or none
        return answers(log_odds_P, _labels(text) == 1, settings.true_rate)[0]


def sentence_order(text: SpelledText, task: Any, settings: Any) -> FloatArray:
    """Weigh one order against the other."""
    as_given_P, swapped_P = (each[:, :1].sum(axis=1) for each in _both_orders(text, settings.inner_only))
    with np.errstate(divide="ignore", invalid="ignore"):
        log_odds_P = np.log(as_given_P) - np.log(swapped_P)
        return answers(log_odds_P, _labels(text) == 0, 1 - settings.swap_rate)[0]


def relative_position(text: SpelledText, task: Any, settings: Any) -> FloatArray:
    """Weigh all distances, either way round."""
    share_PC = np.concatenate(
        [_buckets(each, settings.num_distances) for each in _both_orders(text, settings.inner_only)], axis=1
    )
    share_P = share_PC[np.arange(len(share_PC)), _labels(text)] / share_PC.sum(axis=1)
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(share_P))


def _buckets(probability_PK: FloatArray, num_distances: int) -> FloatArray:
    """Add up all that is as far apart as the last bucket, or farther."""
    wide_PK = np.pad(probability_PK, ((0, 0), (0, num_distances)))
    near_PK, far_PK = np.split(wide_PK, [num_distances - 1], axis=1)
    return np.append(near_PK, far_PK.sum(axis=1, keepdims=True), axis=1)


def _both_orders(text: SpelledText, is_inner: bool) -> Iterator[FloatArray]:
    first, second = _sentences(text.windows.examples)
    marks = _marks(text)
    first_S = sentence_starts(text.plain, marks, openings=not is_inner)
    for pair in ((first, second), (second, first)):
        yield distance_probabilities(text.plain, *pair, first_S, marks, is_inner=is_inner)


def _sentences(examples: Examples) -> tuple[list[Sentence], list[Sentence]]:
    """Return the first and the second sentence of each row that asks something."""
    assert examples.segments_BT is not None, "asked for a task of pairs"
    assert examples.labels_B is not None, "asked for a task of pairs"
    is_word_BT = ~np.isin(examples.roles_BT, (Role.SPECIAL, Role.PADDING))
    rows = np.flatnonzero(examples.labels_B >= 0)
    first, second = (
        [tuple(examples.seen_ids_BT[row, is_mine_BT[row]].tolist()) for row in rows]
        for is_mine_BT in (is_word_BT & (examples.segments_BT == segment) for segment in (0, 1))
    )
    return first, second


def _labels(text: SpelledText) -> IntArray:
    labels_B = text.windows.examples.labels_B
    assert labels_B is not None, "asked for a task of pairs"
    return labels_B[labels_B >= 0]


def _marks(text: SpelledText) -> list[int]:
    ends_sentence_V = text.tokenized.vocabulary.ends_sentence_V
    return [] if ends_sentence_V is None else np.flatnonzero(ends_sentence_V).tolist()
