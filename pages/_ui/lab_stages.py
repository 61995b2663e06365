"""An example of the lab told stage by stage, as the strip of tokens draws it."""

from typing import Any

from pages._ui import lab_example, style
from pages._ui.lab_example import Made
from ssl_core.i18n import _
from ssl_core.pretext import tracing
from ssl_core.pretext.base import IGNORED, Role
from ssl_core.tokenization.display import CONTINUES_MARK

Data = dict[str, Any]
MOST_FILLERS = 6


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


def _stage_title(made: Made, number: int) -> str:
    if number < len(made.examples.steps):
        return _(made.examples.steps[number].title)
    return _("What the model sees")


def _asking(made: Made) -> str:
    count, written = lab_example.num_asked(made), lab_example.num_written(made)
    if written > count:
        return _("Targets below: {written}; in the charted loss: {count}").format(written=written, count=count)
    if count:
        return _("Ask for the tokens below: {count}").format(count=count)
    return _("What is asked")


def _strip(made: Made, row: int, stage: tracing.Row, track: list[int]) -> Data:
    """Return one row of tokens at one stage."""
    starts = made.text[1][0].tolist()
    T, own = len(starts), lab_example.own_places(made)
    cells = []
    end = _end(stage, made.vocabulary.pad_id)
    for place, (token_id, role, number) in enumerate(zip(*(each[:end] for each in (*stage, track)), strict=True)):
        is_clean = number < T
        cells.append(
            {
                "text": _bare(lab_example.shown(token_id, made)),
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
    return {"label": _view(made, row), "cells": _shortened(cells)}


def _view(made: Made, row: int) -> str:
    """Name one of several views; what comes after the two that belong together belongs to neither."""
    if made.examples.num_views < 2:
        return ""
    if row < 2:
        return _("View {number} of the same text").format(number=row + 1)
    return _("A stranger from the same document, nobody's partner")


def _shortened(cells: list[Data]) -> list[Data]:
    """Return the tokens with only the first few of those that merely fill up the window."""
    fillers = [each for each in cells if each.get("isFiller")]
    if len(fillers) <= MOST_FILLERS + 1:
        return cells
    dropped = {each["key"] for each in fillers[MOST_FILLERS:]}
    more = {**fillers[MOST_FILLERS], "text": f"… + {len(dropped)}", "count": len(dropped), "on": False}
    return [more if each["key"] == more["key"] else each for each in cells if each["key"] not in dropped - {more["key"]}]


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
    targets, ranks_BT = made.examples.target_ids_BT[row].tolist(), made.examples.ranks_BT
    turns = [""] * len(targets) if ranks_BT is None else [f"{rank}. " for rank in ranks_BT[row].tolist()]
    return [
        each if target == IGNORED else {**each, "answer": turn + lab_example.shown(target, made)}
        for each, target, turn in zip(cells, targets, turns, strict=False)
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
            "text": _bare(lab_example.shown(token_id, made)), "role": int(_decoder_role(token_id, made)), "key": place,
            "on": False, "at": -1,
            **({} if target == IGNORED else {"answer": lab_example.shown(target, made), "isAside": not is_counted}),
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
            found.append(
                {"said": _("Of the whole it must predict:"), "answer": lab_example.class_title(made, label), "note": note}
            )
    if examples.num_views > 1:
        asked = _("Asked: which of {count} rows of the batch is view 2 of this text?")
        found.append({"said": asked.format(count=lab_example.num_candidates(made))})
    if examples.ranks_BT is not None and lab_example.num_asked(made):
        found.append(
            {"said": _("In the order of the numbers: each is predicted without itself and those with higher numbers.")}
        )
    return found
