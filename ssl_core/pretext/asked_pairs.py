"""Two sentences of a text as one question: which can be asked about, and how the example came about, step by step."""

# B windows, T tokens, N sentences, P pairs, W width of the longest pair

from dataclasses import dataclass

import numpy as np

from ssl_core.i18n import N_
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Step, Vocabulary
from ssl_core.pretext.sentence_spans import NUM_MARKS, Sentences, pair_rows, sentences

MAX_DRAWS = 20
MAX_PAIRS = 16  # of each row, on average

PAIR_RECIPE = {
    "model": {"family": "modernbert", "size": "tiny", "context_tokens": 128, "local_attention": 4},
    "training": {"budget": 60, "optimizer": "muon", "learning_rate": 0.02, "batch_size": 16},
}
"""Windows of 128 tokens hold two whole sentences of most texts; the rows of a batch are only as wide as its longest pair."""

PAIR_LINES = {
    "uniform_nats": N_("all answers alike"),
    "unigram_nats": N_("how often each answer is right"),
}


@dataclass(frozen=True, slots=True)
class Window:
    """Rows of text, and which of their sentences may be asked about.

    Asked about are whole sentences only, as long as there are any; else what the ends of the rows have left of them.
    """

    ids_BT: IntArray
    vocabulary: Vocabulary
    spans: Sentences

    @classmethod
    def of(cls, ids_BT: IntArray, vocabulary: Vocabulary) -> "Window":
        """Find the sentences."""
        return cls(ids_BT, vocabulary, sentences(ids_BT, vocabulary))

    @property
    def longest(self) -> int:
        """How many tokens one of two sentences may have, so that both fit into a row with their marks.

        A row all by itself is a text that somebody gave: of that, nothing is cut off.
        """
        num_rows, num_tokens = int(self.ids_BT.shape[0]), int(self.ids_BT.shape[1])
        return num_tokens if num_rows == 1 else max((num_tokens - NUM_MARKS) // 2, 1)

    @property
    def is_good_N(self) -> BoolArray:
        """True where a sentence is whole and not too long."""
        return self.spans.is_whole_N & (self.spans.length_N <= self.longest)

    @property
    def is_inner_N(self) -> BoolArray:
        """True where a sentence is not known to be the first or the last of its document."""
        return ~self.spans.opens_N & ~self.spans.closes_N

    def best(self, first_P: IntArray, second_P: IntArray) -> BoolArray:
        """Tell which pairs to take: those that are good and begin in the first half of a row, else the good ones, else all.

        Short pairs are seen whole more often than long ones. Of those that begin in the first half, all are seen whole (but
        in texts of long sentences), so that they are pairs as the text has them, and not the short ones of it.
        """
        is_good_P = self.is_good_N[first_P] & self.is_good_N[second_P]
        num_tokens = self.ids_BT.shape[1]
        is_early_P = self.spans.begin_N[np.minimum(first_P, second_P)] % num_tokens < (num_tokens + 1) // 2
        for is_taken_P in (is_good_P & is_early_P, is_good_P):
            if is_taken_P.any():
                return is_taken_P
        return np.ones(len(first_P), dtype=np.bool_)

    def some(self, first_P: IntArray, second_P: IntArray, rng: np.random.Generator) -> tuple[IntArray, IntArray]:
        """Return the pairs, or so many of them, drawn at random, that there are not too many for the number of rows."""
        most = MAX_PAIRS * len(self.ids_BT)
        if len(first_P) <= most:
            return first_P, second_P
        chosen = np.sort(rng.choice(len(first_P), most, replace=False))
        return first_P[chosen], second_P[chosen]

    def ends_of(self, sentence_P: IntArray, *, is_first: bool) -> tuple[IntArray, IntArray]:
        """Return where sentences begin and end; of one that is too long, what is next to its neighbour."""
        begin_P, end_P = self.spans.begin_N[sentence_P], self.spans.end_N[sentence_P]
        if is_first:
            return np.maximum(begin_P, end_P - self.longest), end_P
        return begin_P, np.minimum(end_P, begin_P + self.longest)


def neighbours(window: Window, rng: np.random.Generator, *, inner_only: bool = False) -> IntArray:
    """Return the numbers of the sentences that can be asked about together with the next one of their document.

    With ``inner_only`` neither may be the first or the last of its document, unless there are no others.
    """
    first_P = np.flatnonzero(window.spans.has_next_N)
    if inner_only:
        is_inner_P = window.is_inner_N[first_P] & window.is_inner_N[first_P + 1]
        first_P = first_P[is_inner_P] if is_inner_P.any() else first_P
    first_P = first_P[window.best(first_P, first_P + 1)]
    return window.some(first_P, first_P + 1, rng)[0]


def asked(
    window: Window,
    before: tuple[IntArray, IntArray],
    after: tuple[IntArray, IntArray],
    role: Role,
    texts: tuple[str, str, str],
    labels_P: IntArray,
    num_classes: int,
) -> Examples:
    """Lay pairs side by side: as they were found (``before``), then as they are asked about (``after``).

    ``role`` is what happened to the tokens of a sentence that changed; ``texts`` tell the stages after the clean text.
    """
    flat = window.ids_BT.reshape(-1)
    clean = _clean(window, window.spans.row_N[before[0]])
    column_T = np.arange(window.ids_BT.shape[1])[None, :]
    is_chosen_PT = np.zeros(clean.ids_BT.shape, dtype=np.bool_)
    row_begin_P1 = (window.spans.row_N[before[0]] * window.ids_BT.shape[1])[:, None]
    for number_P, is_first in zip(before, (True, False), strict=True):
        begin_P, end_P = window.ends_of(number_P, is_first=is_first)
        is_chosen_PT |= (column_T >= begin_P[:, None] - row_begin_P1) & (column_T < end_P[:, None] - row_begin_P1)
    chosen = clean.then(texts[0], is_chosen_PT, Role.KEPT_BUT_PREDICTED)
    laid, final = (
        pair_rows(flat, window.ends_of(first_P, is_first=True), window.ends_of(second_P, is_first=False), window.vocabulary)
        for first_P, second_P in (before, after)
    )
    is_new_P2 = np.stack([before[0] != after[0], before[1] != after[1]], axis=1)
    is_changed_PW = np.take_along_axis(is_new_P2, final.segments_PW, axis=1) & (final.roles_PW == Role.KEPT)
    roles_PW = np.where(is_changed_PW, np.uint8(role), final.roles_PW)
    return Examples(
        seen_ids_BT=final.ids_PW,
        target_ids_BT=np.full_like(final.ids_PW, IGNORED),
        roles_BT=roles_PW,
        attention="bidirectional",
        steps=(
            clean,
            chosen,
            Step(title=texts[1], ids_BT=laid.ids_PW, roles_BT=laid.roles_PW),
            Step(title=texts[2], ids_BT=final.ids_PW, roles_BT=roles_PW),
        ),
        segments_BT=final.segments_PW,
        labels_B=labels_P,
        num_classes=num_classes,
    )


def nothing_asked(window: Window, num_classes: int) -> Examples:
    """Return the text as it is: there are no two sentences of one document in it."""
    clean = _clean(window, np.arange(len(window.ids_BT)))
    asks_nothing = Step(title=N_("There are no two sentences here to ask about"), ids_BT=clean.ids_BT, roles_BT=clean.roles_BT)
    return Examples(
        seen_ids_BT=window.ids_BT,
        target_ids_BT=np.full_like(window.ids_BT, IGNORED),
        roles_BT=clean.roles_BT,
        attention="bidirectional",
        steps=(clean, asks_nothing),
        segments_BT=np.zeros_like(window.ids_BT),
        labels_B=np.full(len(window.ids_BT), IGNORED),
        num_classes=num_classes,
    )


def _clean(window: Window, row_P: IntArray) -> Step:
    return Step.clean(window.ids_BT[row_P], window.vocabulary)
