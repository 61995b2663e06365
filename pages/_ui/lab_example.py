"""One example of the lab: what a task makes of the reader's text, and what it asks there."""

# B rows, T tokens

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pages._ui import lab_label
from pages._ui.lab_state import Asked
from pages._ui.lab_text import NUM_OTHERS, Reading
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.pretext import sampling, tracing
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Vocabulary
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.display import token_text

LEAST_FILLER = 8  # tokens of other texts behind a short one
MOST_FIRST_SEEDS = 12
Rows = tuple[IntArray, BoolArray]
"""Tokens, and True where one begins a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a task made of the reader's text; its row 0 is of that text."""

    asked: Asked
    task: Any
    vocabulary: Vocabulary
    examples: Examples
    reading: Reading
    text: Rows  # the row that went in: the reader's text, and behind it what filled the row up, if it had to be
    others: Rows  # the rows beside it
    label_names: tuple[str, ...] = ()  # of the classes, where it is made with labels

    @property
    def ids_T(self) -> IntArray:
        """The clean tokens that went in."""
        return np.asarray(self.text[0][0])


def make(asked: Asked, reading: Reading, seed: int) -> Made:
    """Let the task make its examples of the text, among rows of other texts, or else in a longer window, or else alone.

    Some tasks look for whole sentences, and find them only where a row goes on behind them.
    Raises: UserError if this text or these settings don't do for it.
    """
    task = pretext.task(asked.task)
    vocabulary = pretext.vocabulary_for(asked.task, asked.config, reading.vocabulary)
    alone = (reading.ids_T[None], reading.starts_word_T[None])
    none = (reading.others_BT[:0], reading.other_starts_BT[:0])
    window = _in_window(reading)
    for text, others in ((alone, (reading.others_BT, reading.other_starts_BT)), window, (alone, none)):
        ids_BT, starts_BT = (np.concatenate([mine, other]) for mine, other in zip(text, others, strict=True))
        labels = lab_label.beside(asked, reading, ids_BT, _own(len(text[0][0]), reading))
        examples = task.make_examples(ids_BT, np.random.default_rng(seed), asked.config, vocabulary, starts_BT, *labels)
        made = Made(
            asked=asked, task=task, vocabulary=vocabulary, examples=examples, reading=reading, text=text, others=others,
            label_names=labels[0].names if labels else (),
        )  # fmt: skip
        is_about_tokens = examples.labels_B is None
        if tracing.is_of_text(examples, made.ids_T)[:1].all() and (is_about_tokens or _is_whole(made)):
            return made
    return made


def _in_window(reading: Reading) -> tuple[Rows, Rows]:
    """Return the text as the beginning of a window of a long row of documents, with windows of the same size beside it."""
    ids, starts = (each.reshape(-1) for each in (reading.others_BT, reading.other_starts_BT))
    T = len(reading.ids_T)
    filler = min(T + LEAST_FILLER, len(ids))
    window = (
        np.concatenate([[reading.vocabulary.sep_id], reading.ids_T, ids[:filler]])[None],
        np.concatenate([[True], reading.starts_word_T, starts[:filler]])[None],
    )
    size = window[0].shape[1]
    return window, (np.resize(ids, (NUM_OTHERS, size)), np.resize(starts, (NUM_OTHERS, size)))


def _is_whole(made: Made) -> bool:
    """Say whether a question about sentences is about the reader's, with room enough for them: in a window, not in a row."""
    if len(made.ids_T) == len(made.reading.ids_T):
        return False
    own = own_places(made)
    stages, _seen = tracing.rows_of(made.examples)
    numbers = tracing.trace([stage[0] for stage in stages])
    return any(
        number in own and role not in (Role.KEPT, Role.SPECIAL, Role.PADDING)
        for stage, track in zip(stages, numbers, strict=True)
        for role, number in zip(stage[0][1], track, strict=True)
    )


def own_places(made: Made) -> range:
    """Return where in the row the reader's own tokens stand, the closing [SEP] left out."""
    return _own(len(made.ids_T), made.reading)


def _own(num_tokens: int, reading: Reading) -> range:
    offset = int(num_tokens > len(reading.ids_T))
    return range(offset, offset + len(reading.ids_T) - 1)


def shown(token_id: int, made: Made) -> str:
    """Return a token as a person reads it; those that stand for what was taken out have a number in brackets."""
    if token_id >= made.reading.vocabulary.size:
        return f"⟨{token_id - made.reading.vocabulary.size + 1}⟩"
    if token_id < len(SPECIAL_TOKENS):
        return SPECIAL_TOKENS[token_id]
    return token_text(made.reading.tokenizer, token_id)


def num_asked(made: Made) -> int:
    """Return how many tokens of the reader's text the charted loss is the mean of."""
    return int(sampling.num_targets_B(made.examples)[: made.examples.num_views].sum())


def num_written(made: Made) -> int:
    """Return how many tokens a decoder must write; 0 where there is none. Not all need count in the charted loss."""
    targets_BU = made.examples.decoder_target_ids_BU
    return 0 if targets_BU is None else int((targets_BU[: made.examples.num_views] != IGNORED).sum())


def first_seed(asked: Sequence[Asked], reading: Reading) -> int:
    """Return the first draw in which each task has as many targets as show what is special about it, or the best of a few."""
    fewest = [getattr(pretext.task(each.task), "FEWEST_TARGETS_SHOWN", 0) for each in asked]
    if not any(fewest):
        return 0

    def lacking(seed: int) -> int:
        told = zip(asked, fewest, strict=True)
        return sum(max(0, least - num_asked(make(each, reading, seed))) for each, least in told if least)

    return min(range(MOST_FIRST_SEEDS), key=lacking)


def num_candidates(made: Made) -> int:
    """Return among how many rows of the batch the first view of a text looks for its second: all rows but the first views."""
    num_texts = len(made.examples.seen_ids_BT) // made.examples.num_views
    return num_texts * (made.examples.num_views - 1)


def class_title(made: Made, number: int) -> str:
    """Return what a class is called: as the task names it (``class_names``), else by its number."""
    names = made.label_names or (made.task.class_names(made.asked.config) if hasattr(made.task, "class_names") else ())
    return _(names[number]) if number < len(names) else _("class {number}").format(number=number + 1)


def compares(asked: Asked) -> bool:
    """Say whether a task sets two pieces of a text side by side, so that one sentence alone gives it nothing to ask.

    An example of a few numbers tells it: no text need be read for that.
    """
    special = tuple(range(len(SPECIAL_TOKENS)))
    usual = Vocabulary(size=len(special) + 4, special_ids=special, mask_id=special[-1])
    ids_BT = np.array([[*range(len(special), usual.size), usual.sep_id]] * 2)
    vocabulary = pretext.vocabulary_for(asked.task, asked.config, usual)
    examples = pretext.task(asked.task).make_examples(
        ids_BT, np.random.default_rng(0), asked.config, vocabulary, np.ones(ids_BT.shape, dtype=bool)
    )
    return examples.segments_BT is not None or examples.num_views > 1


def asks_nothing(made: Made) -> UserError | None:
    """Return a message where this example has nothing to learn from, else None."""
    examples = made.examples
    lacks_pair = examples.segments_BT is not None and examples.labels_B is not None and int(examples.labels_B[0]) == IGNORED
    if _first_text(examples).asks_anything and not lacks_pair:
        return None
    if np.isin(made.reading.ids_T, made.vocabulary.special_ids).all():
        return UserError(N_("Every token here is a special one or unknown to this vocabulary, so nothing can be asked for."))
    if lacks_pair:
        return UserError(N_("This task needs two sentences, and this text has no two. Take a pair or a paragraph above."))
    return UserError(
        N_("This draw asks for nothing, so nothing can be learnt from it. Draw again, turn the knobs, or take a longer text.")
    )


def _first_text(examples: Examples) -> Examples:
    rows = slice(0, examples.num_views)
    arrays = {
        name: value[rows]
        for name in ("seen_ids_BT", "target_ids_BT", "roles_BT", "labels_B", "decoder_ids_BU", "decoder_target_ids_BU")
        if (value := getattr(examples, name)) is not None
    }
    return replace(examples, **arrays)
