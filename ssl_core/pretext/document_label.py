"""The label of a document: supervised learning, as one part of joint training. Somebody has to tell the answers."""

# B windows, T tokens, P pieces of documents, W tokens of the longest piece

from dataclasses import dataclass

import numpy as np

from ssl_core.config import Config as BaseConfig
from ssl_core.i18n import N_
from ssl_core.pretext import views
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Labels, Role, Step, Vocabulary

OBJECTIVE = "labels"
MOST_CLASSES = 32
"""The network has room for so many values of a label."""
USUAL = "usual"
LABELS = {
    USUAL: N_("the text's usual one"),
    "mood": N_("mood"),
    "place": N_("place"),
    "character": N_("character"),
    "gender": N_("gender"),
    "topic": N_("topic"),
    "sentiment": N_("sentiment"),
}
"""What labels are called in the texts that come with some."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config(BaseConfig):
    """No knobs: the text decides what there is to tell."""


def needs_label(config: BaseConfig) -> str:
    """Ask for the text's usual label."""
    return USUAL


def make_examples(
    ids_BT: IntArray,
    rng: np.random.Generator,
    config: Config,
    vocabulary: Vocabulary,
    starts_word_BT: BoolArray | None = None,
    labels: Labels | None = None,
) -> Examples:
    """Take the documents out of each window; the answer for each is the label that somebody gave it.

    Of a window, all documents are taken that it holds whole, so that the words that tell the label are there; if it holds
    none, the longest piece of one. Short documents are whole more often than long ones. Without ``labels`` nothing is asked.
    """
    pieces = _pieces(ids_BT, vocabulary)
    if not len(pieces.row_R):
        return _nothing(ids_BT, vocabulary)
    made = views.laid_out(ids_BT, (pieces,), vocabulary.pad_id, ids_BT.shape[1])
    clean = Step.clean(ids_BT[pieces.row_R], vocabulary)
    place_PT = pieces.row_R[:, None] * ids_BT.shape[1] + np.arange(ids_BT.shape[1])
    is_outside_PT = (place_PT < pieces.begin_R[:, None]) | (place_PT >= pieces.end_R[:, None])
    chosen = clean.then(N_("Choose whole documents, or the longest piece of one"), is_outside_PT, Role.PADDING)
    alone = Step.clean(made.ids_VW, vocabulary)
    title = (
        N_("Take each by itself; nobody told its label, so nothing is asked of the whole")
        if labels is None
        else N_("Take each by itself; its label is the answer for the whole")
    )
    roles_PW = np.where(made.is_there_VW, alone.roles_BT, np.uint8(Role.PADDING))
    return Examples(
        seen_ids_BT=made.ids_VW,
        target_ids_BT=np.full_like(made.ids_VW, IGNORED),
        roles_BT=roles_PW,
        attention="bidirectional",
        steps=(clean, chosen, Step(title=title, ids_BT=made.ids_VW, roles_BT=roles_PW)),
        labels_B=None if labels is None else labels.classes.reshape(-1)[pieces.begin_R].astype(np.int64),
        num_classes=0 if labels is None else len(labels.names),
    )


def _pieces(ids_BT: IntArray, vocabulary: Vocabulary) -> views.Pieces:
    """Find the documents of each window, each with the [SEP] that ends it, and choose among them."""
    num_tokens = ids_BT.shape[1]
    flat = ids_BT.reshape(-1)
    column = np.arange(len(flat)) % max(num_tokens, 1)
    is_text = (flat != vocabulary.sep_id) & (flat != vocabulary.cls_id) & (flat != vocabulary.pad_id)
    begins = is_text & ((column == 0) | ~np.roll(is_text, 1))
    ends = is_text & ((column == num_tokens - 1) | ~np.roll(is_text, -1))
    begin_N, after_N = np.flatnonzero(begins), np.flatnonzero(ends) + 1
    row_N = begin_N // max(num_tokens, 1)
    has_end_N = (after_N % max(num_tokens, 1) != 0) & (flat[after_N % max(len(flat), 1)] == vocabulary.sep_id)
    is_whole_N = (begin_N % max(num_tokens, 1) != 0) & has_end_N
    return _chosen(row_N, begin_N, after_N + has_end_N, is_whole_N)


def _chosen(row_N: IntArray, begin_N: IntArray, end_N: IntArray, is_whole_N: BoolArray) -> views.Pieces:
    """Take the whole ones of each window, and of a window without any the longest."""
    order_N = np.lexsort((end_N - begin_N, row_N))  # the longest of each window comes last
    is_last_N = np.append(np.diff(row_N[order_N]) != 0, np.ones(min(1, len(row_N)), dtype=np.bool_))
    is_longest_N = np.isin(np.arange(len(row_N)), order_N[is_last_N])
    is_taken_N = np.where(np.isin(row_N, row_N[is_whole_N]), is_whole_N, is_longest_N)
    return views.Pieces(row_R=row_N[is_taken_N], begin_R=begin_N[is_taken_N], end_R=end_N[is_taken_N])


def _nothing(ids_BT: IntArray, vocabulary: Vocabulary) -> Examples:
    """Return the example of a text without words, which asks nothing."""
    clean = Step.clean(ids_BT, vocabulary)
    return Examples(
        seen_ids_BT=ids_BT,
        target_ids_BT=np.full_like(ids_BT, IGNORED),
        roles_BT=clean.roles_BT,
        attention="bidirectional",
        steps=(clean,),
    )
