"""Columns of texts, and which of them holds what a model should read."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_CELL_BYTES = 2**20

_SAMPLE_ROWS = 1000
_SAMPLE_CHARACTERS = 1000  # of each cell
_MIN_MEAN_WORDS = 3  # a column of names or dates is no text
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Table:
    """The text columns of a table by name; None is an empty cell."""

    columns: Mapping[str, Sequence[str | None]]


def check_cell(value: object, row: int) -> None:
    """Refuse a cell that no document should be as long as.

    Raises: UserError if it is longer than ``MAX_CELL_BYTES`` in UTF-8.
    """
    if not isinstance(value, str) or len(value) <= MAX_CELL_BYTES // 4:
        return
    if len(value.encode("utf-8", "surrogatepass")) > MAX_CELL_BYTES:
        raise UserError(N_("Row {row} has a cell of more than {limit} MB. Cut long texts into several rows."), row=row, limit=1)


def text_column_of(columns: Mapping[str, Sequence[str | None]]) -> str | None:
    """Return the column with the longest texts, or None where no column holds running text."""
    mean_lengths = {}
    for name, cells in columns.items():
        filled = [cell for cell in cells[:_SAMPLE_ROWS] if cell and cell.strip()]
        num_words = sum(len(_WORD.findall(cell[:_SAMPLE_CHARACTERS])) for cell in filled)
        if filled and num_words >= _MIN_MEAN_WORDS * len(filled):
            mean_lengths[name] = sum(map(len, filled)) / len(filled)
    return max(mean_lengths, key=lambda name: mean_lengths[name], default=None)


def choose_column(columns: Mapping[str, Sequence[str | None]], wanted: str | None) -> str:
    """Return the column to read: the one asked for, else the one with the longest texts.

    Raises: UserError if there is no such column.
    """
    if wanted is not None:
        if wanted in columns:
            return wanted
        raise UserError(
            N_("There is no text in a column {wanted!r}; the columns with text are {known}."),
            wanted=wanted[:80],
            known=", ".join(columns)[:300] or "–",
        )
    found = text_column_of(columns)
    if found is None:
        raise UserError(
            N_("No column of this table holds running text. One column needs sentences, as in text,label with a header line.")
        )
    return found
