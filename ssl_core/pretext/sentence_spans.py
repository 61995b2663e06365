"""Where the documents and sentences of a row of tokens stand, and two pieces of text laid side by side as one row."""

# B rows, T tokens, N sentences, P pairs, W width of the longest pair

from dataclasses import dataclass

import numpy as np

from ssl_core.pretext.base import BoolArray, IntArray, Role, Vocabulary

NUM_MARKS = 3  # [CLS] A [SEP] B [SEP]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """The sentences of many rows, from left to right and row by row.

    Places count through all rows: token t of row b stands at ``b * T + t``. Sentences next to each other here, of the same
    document, are next to each other in the text.
    """

    begin_N: IntArray
    end_N: IntArray  # the place after the last token, which is the mark that ends the sentence
    row_N: IntArray
    document_N: IntArray  # no two documents share a number, not even in different rows
    has_begin_N: BoolArray  # False: cut off by the beginning of the row (so far as one can see)
    has_end_N: BoolArray  # False: cut off by the end of the row
    opens_N: BoolArray  # True: known to be the first of its document
    closes_N: BoolArray  # True: known to be the last of its document

    def __len__(self) -> int:
        return len(self.begin_N)

    @property
    def length_N(self) -> IntArray:
        """How many tokens each has."""
        return self.end_N - self.begin_N

    @property
    def is_whole_N(self) -> BoolArray:
        """True where neither end of the row cuts it."""
        return self.has_begin_N & self.has_end_N

    @property
    def has_next_N(self) -> BoolArray:
        """True where the sentence after this one, here, is the next one of the same document."""
        if not len(self):
            return np.zeros(0, dtype=np.bool_)
        return np.append(self.document_N[:-1] == self.document_N[1:], False)


def sentences(ids_BT: IntArray, vocabulary: Vocabulary) -> Sentences:
    """Find the documents of each row, which [SEP] ends, and their sentences, which marks such as "." and "。" end.

    Several marks in a row end one sentence. What stands after the last mark of a document is a sentence, too. Numbers with
    a point in them, shortened words and closing quotes are not known here: there a cut may fall at a wrong place.
    """
    num_rows, num_tokens = ids_BT.shape
    flat = ids_BT.reshape(-1)
    is_first = np.tile(np.arange(num_tokens) == 0, num_rows)
    is_last = np.roll(is_first, -1)
    is_text = (flat != vocabulary.sep_id) & (flat != vocabulary.cls_id) & (flat != vocabulary.pad_id)
    is_mark = np.zeros_like(is_text) if vocabulary.ends_sentence_V is None else vocabulary.ends_sentence_V[flat] & is_text
    after_gap, after_mark = np.roll(~is_text, 1) & ~is_first, np.roll(is_mark, 1) & ~is_first
    before_gap = np.roll(~is_text, -1) & ~is_last
    begins = is_text & (is_first | after_gap | (after_mark & ~is_mark))
    ends = is_text & (is_last | before_gap | np.roll(begins, -1))
    begin_N, last_N = np.flatnonzero(begins), np.flatnonzero(ends)
    is_sep = flat == vocabulary.sep_id
    return Sentences(
        begin_N=begin_N,
        end_N=last_N + 1,
        row_N=begin_N // max(num_tokens, 1),
        document_N=np.cumsum(is_first | ~is_text)[begin_N],
        has_begin_N=~is_first[begin_N],
        has_end_N=~is_last[last_N] | is_mark[last_N],
        opens_N=(np.roll(is_sep, 1) & ~is_first)[begin_N],
        closes_N=(np.roll(is_sep, -1) & ~is_last)[last_N],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Pairs as rows [CLS] A [SEP] B [SEP], filled up to the longest."""

    ids_PW: IntArray
    segments_PW: IntArray  # 0: [CLS] A [SEP]; 1: B [SEP] and what fills up
    roles_PW: np.typing.NDArray[np.uint8]


def pair_rows(
    ids: IntArray, first_P: tuple[IntArray, IntArray], second_P: tuple[IntArray, IntArray], vocabulary: Vocabulary
) -> Rows:
    """Lay two pieces of text side by side in each row: [CLS] A [SEP] B [SEP], then padding.

    ``ids`` is one long row of tokens, and ``first_P`` and ``second_P`` tell where in it A and B begin and end.
    """
    (begin_a, end_a), (begin_b, end_b) = ((begin[:, None], end[:, None]) for begin, end in (first_P, second_P))
    sep_a = end_a - begin_a + 1
    sep_b = sep_a + end_b - begin_b + 1
    column = np.arange(int(sep_b.max(initial=NUM_MARKS - 1)) + 1)[None, :]
    is_a, is_b = (column > 0) & (column < sep_a), (column > sep_a) & (column < sep_b)
    is_sep = (column == sep_a) | (column == sep_b)
    place_PW = np.where(is_a, begin_a + column - 1, np.where(is_b, begin_b + column - sep_a - 1, 0))
    marks_PW = np.where(column == 0, vocabulary.cls_id, np.where(is_sep, vocabulary.sep_id, vocabulary.pad_id))
    ids_PW = np.where(is_a | is_b, ids[place_PW], marks_PW) if len(ids) else np.broadcast_to(marks_PW, place_PW.shape)
    roles_PW = np.where(is_a | is_b, Role.KEPT, np.where(column > sep_b, Role.PADDING, Role.SPECIAL)).astype(np.uint8)
    return Rows(ids_PW=ids_PW, segments_PW=(column > sep_a).astype(np.int64), roles_PW=roles_PW)
