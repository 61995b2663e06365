"""One example of the lab, made of the reader's text by a task, and told stage by stage for the strip of tokens."""

# B rows, T tokens

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from pages._ui import style
from pages._ui.lab_state import Asked
from pages._ui.lab_text import NUM_OTHERS, Reading
from ssl_core import pretext
from ssl_core.errors import UserError
from ssl_core.i18n import N_, _
from ssl_core.pretext import tracing
from ssl_core.pretext.base import IGNORED, BoolArray, Examples, IntArray, Role, Vocabulary
from ssl_core.tokenization.base import SPECIAL_TOKENS
from ssl_core.tokenization.display import CONTINUES_MARK, token_text

Data = dict[str, Any]
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
        examples = task.make_examples(ids_BT, np.random.default_rng(seed), asked.config, vocabulary, starts_BT)
        made = Made(asked=asked, task=task, vocabulary=vocabulary, examples=examples, reading=reading, text=text, others=others)
        is_cut = examples.labels_B is not None and text is alone and others is not none
        if _is_about_the_text(made) and not is_cut:  # a question about sentences wants them whole: it gets a window
            return made
    return made


def _in_window(reading: Reading) -> tuple[Rows, Rows]:
    """Return the text as the beginning of a window of a long row of documents, with windows of the same size beside it."""
    ids, starts = (each.reshape(-1) for each in (reading.others_BT, reading.other_starts_BT))
    T = len(reading.ids_T)
    filler = min(2 * T, len(ids))
    window = (
        np.concatenate([[reading.vocabulary.sep_id], reading.ids_T, ids[:filler]])[None],
        np.concatenate([[True], reading.starts_word_T, starts[:filler]])[None],
    )
    size = window[0].shape[1]
    return window, (np.resize(ids, (NUM_OTHERS, size)), np.resize(starts, (NUM_OTHERS, size)))


def _is_about_the_text(made: Made) -> bool:
    """Say whether row 0 was made of the reader's text, and touched any of it."""
    if not tracing.is_of_text(made.examples, made.ids_T)[:1].all():
        return False
    own = _own_places(made)
    stages, _seen = tracing.rows_of(made.examples)
    numbers = tracing.trace([stage[0] for stage in stages])
    return made.examples.num_views > 1 or any(
        number in own and role not in (Role.KEPT, Role.SPECIAL, Role.PADDING)
        for stage, track in zip(stages, numbers, strict=True)
        for role, number in zip(stage[0][1], track, strict=True)
    )


def _own_places(made: Made) -> range:
    """Return where in the row the reader's own tokens stand, the closing [SEP] left out."""
    offset = int(len(made.ids_T) > len(made.reading.ids_T))
    return range(offset, offset + len(made.reading.ids_T) - 1)


def side(made: Made) -> Data:
    """Return what the component draws of one task."""
    stages, seen_at = tracing.rows_of(made.examples)
    tracks = [tracing.trace([stage[min(row, len(stage) - 1)] for stage in stages]) for row in range(len(stages[-1]))]
    told = [
        {
            "title": _stage_title(made, number),
            "strips": [_strip(made, row, stage[row], tracks[min(row, len(tracks) - 1)][number]) for row in range(len(stage))],
        }
        for number, stage in enumerate(stages)
    ]
    asked = {"title": _asking(made), "strips": [dict(strip) for strip in told[seen_at]["strips"]], "isAsked": True}
    for row, strip in enumerate(asked["strips"]):
        strip["cells"] = _with_answers(made, row, strip["cells"])
    if made.examples.decoder_ids_BU is not None:
        asked["strips"] += [_decoder(made, row) for row in range(len(asked["strips"]))]
    told.insert(seen_at + 1, asked)
    if seen_at + 2 < len(told):  # the task goes on with what was answered: is this token the original one?
        for strip in told[-1]["strips"]:
            strip["cells"] = [_was_replaced(cell) for cell in strip["cells"]]
        told[-1]["isAsked"] = True
    return {
        "task": _(made.task.TITLE),
        "short": _(made.task.ABBREVIATION),
        "question": _(made.task.QUESTION),
        "colour": style.task_colour(made.asked.task),
        "stages": told,
        "verdicts": _verdicts(made),
    }


def _was_replaced(cell: Data) -> Data:
    if cell["role"] in (Role.SPECIAL, Role.PADDING):
        return cell
    return {**cell, "answer": _("replaced") if cell["role"] == Role.REPLACED else _("original")}


def shown(token_id: int, made: Made) -> str:
    """Return a token as a person reads it; those that stand for what was taken out have a number in brackets."""
    if token_id >= made.reading.vocabulary.size:
        return f"⟨{token_id - made.reading.vocabulary.size + 1}⟩"
    if token_id < len(SPECIAL_TOKENS):
        return SPECIAL_TOKENS[token_id]
    return token_text(made.reading.tokenizer, token_id)


def num_asked(made: Made) -> int:
    """Return how many tokens the reader's text is asked for."""
    examples, rows = made.examples, slice(0, made.examples.num_views)
    found = int((examples.target_ids_BT[rows] != IGNORED).sum())
    if examples.decoder_target_ids_BU is not None:
        found += int((examples.decoder_target_ids_BU[rows] != IGNORED).sum())
    return found


def class_title(made: Made, number: int) -> str:
    """Return what a class is called: as the task names it (``class_names``), else by its number."""
    names = made.task.class_names(made.asked.config) if hasattr(made.task, "class_names") else ()
    return _(names[number]) if number < len(names) else _("class {number}").format(number=number + 1)


def asks_nothing(made: Made) -> UserError | None:
    """Return a message where this example has nothing to learn from, else None."""
    one_text = _first_text(made.examples)
    if one_text.asks_anything:
        return None
    if np.isin(made.reading.ids_T, made.vocabulary.special_ids).all():
        return UserError(N_("Every token here is a special one or unknown to this vocabulary, so nothing can be asked for."))
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


def _stage_title(made: Made, number: int) -> str:
    if number < len(made.examples.steps):
        return _(made.examples.steps[number].title)
    return _("What the model sees")


def _asking(made: Made) -> str:
    count = num_asked(made)
    if count:
        return _("Ask for the tokens below: {count}").format(count=count)
    return _("What is asked")


def _strip(made: Made, row: int, stage: tracing.Row, track: list[int]) -> Data:
    """Return one row of tokens at one stage."""
    starts = made.text[1][0].tolist()
    T, own = len(starts), _own_places(made)
    cells = []
    end = _end(stage, made.vocabulary.pad_id)
    for place, (token_id, role, number) in enumerate(zip(*(each[:end] for each in (*stage, track)), strict=True)):
        is_clean = number < T
        cells.append(
            {
                "text": _bare(shown(token_id, made)),
                "role": role,
                "key": number,
                "on": bool(place) and is_clean and not starts[number] and track[place - 1] == number - 1,
                "at": number - own.start if number in own else -1,
                "isFiller": is_clean and number not in own and role not in (Role.SPECIAL, Role.PADDING),
            }
        )
    if end < len(track):
        cells.append(
            {
                "text": "[PAD]" if len(track) - end == 1 else f"[PAD] × {len(track) - end}",
                "role": int(Role.PADDING),
                "key": -1,
                "on": False,
                "at": -1,
            }
        )
    views = made.examples.num_views
    label = _("View {number} of the same text").format(number=row + 1) if views > 1 else ""
    return {"label": label, "cells": cells}


def _end(stage: tracing.Row, pad_id: int) -> int:
    """Return where nothing but padding is left."""
    places = [
        place for place, (token_id, role) in enumerate(zip(*stage, strict=True)) if (token_id, role) != (pad_id, Role.PADDING)
    ]
    return places[-1] + 1 if places else 0


def _bare(text: str) -> str:
    """Return a piece without its hyphen: that it goes on with a word shows by its place."""
    return text.removeprefix(CONTINUES_MARK) if len(text) > 1 else text


def _with_answers(made: Made, row: int, cells: list[Data]) -> list[Data]:
    targets = made.examples.target_ids_BT[row].tolist()
    return [
        each if target == IGNORED else {**each, "answer": shown(target, made)}
        for each, target in zip(cells, targets, strict=False)
    ]


def _decoder(made: Made, row: int) -> Data:
    examples = made.examples
    assert examples.decoder_ids_BU is not None, "a decoder reads"
    assert examples.decoder_target_ids_BU is not None, "a decoder writes"
    read, asked = examples.decoder_ids_BU[row].tolist(), examples.decoder_target_ids_BU[row].tolist()
    counts = [True] * len(read) if examples.decoder_counts_BU is None else examples.decoder_counts_BU[row].tolist()
    end = max((place for place, target in enumerate(asked) if target != IGNORED), default=0) + 1
    cells = [
        {
            "text": _bare(shown(token_id, made)), "role": int(_decoder_role(token_id, made)), "key": place, "on": False,
            "at": -1,
            **({} if target == IGNORED else {"answer": shown(target, made), "isAside": not is_counted}),
        }
        for place, (token_id, target, is_counted) in enumerate(zip(read[:end], asked, counts, strict=False))
    ]  # fmt: skip
    return {"label": _("The decoder has read this, and writes what stands below it"), "cells": cells, "isDecoder": True}


def _decoder_role(token_id: int, made: Made) -> Role:
    if token_id >= made.reading.vocabulary.size:
        return Role.SENTINEL
    return Role.SPECIAL if token_id in made.vocabulary.special_ids else Role.KEPT


def _verdicts(made: Made) -> list[Data]:
    """Say what is asked of the text as a whole."""
    examples, found = made.examples, []
    if examples.labels_B is not None:
        label = int(examples.labels_B[0])
        if label == IGNORED:
            found.append({"said": _("Nothing is asked about the text as a whole.")})
        else:
            note = _("one of {count} answers").format(count=examples.num_classes)
            found.append({"said": _("Of the whole it must predict:"), "answer": class_title(made, label), "note": note})
    if examples.num_views > 1:
        asked = _("What is asked: which of the {count} other texts in the batch is the other view of this one?")
        found.append({"said": asked.format(count=len(examples.seen_ids_BT) - 1)})
    return found
