"""Which token of one stage is which of the next, so that one can follow them with the eye while an example comes about."""

from collections import defaultdict, deque
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import pairwise

import numpy as np

from ssl_core.pretext.base import BoolArray, Examples, IntArray, Role, Step

Row = tuple[list[int], list[int]]
"""Tokens and their roles."""


def rows_of(examples: Examples) -> tuple[list[list[Row]], int]:
    """Return for each stage the rows of the first text (one, or as many as there are views), and which stage the model sees.

    The example itself is the last stage where no step shows the same.
    """
    stages = [_rows(each, examples) for each in examples.steps]
    seen = _rows(Step(title="", ids_BT=examples.seen_ids_BT, roles_BT=examples.roles_BT), examples)
    same = [number for number, stage in enumerate(stages) if stage == seen]
    if not same:
        stages.append(seen)
    return stages, same[-1] if same else len(stages) - 1


def checked(examples: Examples) -> list[tuple[int, int]] | None:
    """Return tokens and roles of the first row as they are when each is asked whether it is the original; None if none is.

    That is the last stage, where the stages go on after what the model sees: the gaps are filled, and the filled text is asked.
    """
    stages, seen_at = rows_of(examples)
    return list(zip(*stages[-1][0], strict=True)) if seen_at + 1 < len(stages) else None


def trace(stages: Sequence[Row]) -> list[list[int]]:
    """Number the tokens of each stage: the same number is the same token, as far as one can tell.

    The tokens of the first stage have the numbers from 0; what is put in later has higher ones.
    """
    first = list(range(len(stages[0][0])))
    numbered, free = [first], len(first)
    for before, after in pairwise(stages):
        sources = _sources(before, after)
        numbers = []
        for source in sources:
            numbers.append(free if source is None else numbered[-1][source])
            free += source is None
        numbered.append(numbers)
    return numbered


def _rows(step: Step, examples: Examples) -> list[Row]:
    count = examples.num_views if len(step.ids_BT) == len(examples.seen_ids_BT) else 1
    return [(step.ids_BT[row].tolist(), step.roles_BT[row].tolist()) for row in range(min(count, len(step.ids_BT)))]


def _sources(before: Row, after: Row) -> list[int | None]:
    """Return for each token of a stage its place in the stage before, or None where it is new."""
    old, new = before[0][: _length(before)], after[0][: _length(after)]
    if len(old) == len(new) and sorted(old) != sorted(new):  # changed where they stand
        return _padded(list(range(len(new))), before, after)
    found: list[int | None] = [None] * len(new)
    if old == new:
        return _padded(list(range(len(new))), before, after)
    for tag, low, high, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal" or (tag == "replace" and high - low == end - start and len(old) == len(new) == end):
            found[start:end] = range(low, high)
    used = {each for each in found if each is not None}
    waiting: dict[int, deque[int]] = defaultdict(deque)
    for place, token_id in enumerate(old):
        if place not in used:
            waiting[token_id].append(place)
    for place, token_id in enumerate(new):
        if found[place] is None and waiting[token_id]:
            found[place] = waiting[token_id].popleft()  # moved
    return _padded(found, before, after)


def _length(row: Row) -> int:
    places = [place for place, role in enumerate(row[1]) if role != Role.PADDING]
    return places[-1] + 1 if places else 0


def _padded(found: Sequence[int | None], before: Row, after: Row) -> list[int | None]:
    """Add the padding, each piece of which stays what it is as long as it stands where it stood."""
    was = _length(before)
    rest = range(len(found), len(after[0]))
    return [*found, *(place if was <= place < len(before[0]) else None for place in rest)]


def is_of_text(examples: Examples, ids_T: IntArray) -> BoolArray:
    """Return True for each row of the examples that was made of the text ``ids_T``, as the first step tells."""
    clean_BT, num_rows = examples.steps[0].ids_BT, len(examples.seen_ids_BT)
    if clean_BT.shape[1] != len(ids_T):
        return np.zeros(num_rows, dtype=np.bool_)
    is_ours_B = (clean_BT == ids_T).all(axis=1)
    return np.asarray(
        np.repeat(is_ours_B, examples.num_views) if len(is_ours_B) * examples.num_views == num_rows else is_ours_B
    )


def same_width(examples: Examples, num_tokens: int) -> IntArray:
    """Return roles as (B, T) at a stage at which each token still stands at its own place.

    That is the example itself where it has as many tokens as the text, else the first step that marks any.
    """
    marked = (Role.KEPT, Role.SPECIAL, Role.PADDING)
    candidates = [examples.roles_BT, *(step.roles_BT for step in examples.steps)]
    for roles_BT in candidates:
        if roles_BT.shape[1] == num_tokens and not np.isin(roles_BT, marked).all() and not (roles_BT == Role.PADDING).any():
            return roles_BT.astype(np.int64)
    return np.asarray(examples.roles_BT.astype(np.int64))
