"""A table is read once: all rows say which columns hold text, one of them is chosen, and only its cells are kept."""

# C columns

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from ssl_core.corpora import letters, names
from ssl_core.errors import UserError
from ssl_core.i18n import N_

MAX_CELL_BYTES = 2**20
MAX_COLUMNS = 1_000
MAX_CELLS = 4_000_000
"""A table of 20 MB with more has five bytes a cell: numbers, not texts."""

_SAMPLE_CELLS = 1_000  # filled ones, of each column, in which words are counted; lengths are those of all
_SAMPLE_CHARACTERS = 1_000  # of each cell
_MIN_MEAN_WORDS = 3  # a column of names or dates is no text
_WORD = letters.compiled(
    rf"[{letters.CJK}{letters.SPACELESS}]|[\p{{L}}--[{letters.CJK}{letters.SPACELESS}]][{letters.LETTER}]*"
)


class Rows(Protocol):
    """The rows of a file, to be looked through as often as needed, with no more than one of them in memory."""

    def rows(self) -> Iterator[Iterable[tuple[int, str | None]]]:
        """Give each row as its cells, each with the number of its column from 0; missing ones are left out or None."""

    def names(self) -> list[str]:
        """Return what the columns are called, once all rows have been looked through."""

    def refusal(self) -> UserError | None:
        """Return what to tell whoever brought a table without running text; None where there is nothing special about it."""


@dataclass(slots=True)
class Column:
    """What is in a column: cells that are not blank, their letters, and words in a sample of them."""

    name: str = ""
    filled: int = 0
    num_characters: int = 0
    num_words: int = 0

    @property
    def mean_characters(self) -> float:
        """Return how long its cells are."""
        return self.num_characters / max(1, self.filled)

    @property
    def is_running_text(self) -> bool:
        """Say whether its cells are sentences rather than names or numbers."""
        return self.num_words >= _MIN_MEAN_WORDS * min(self.filled, _SAMPLE_CELLS) > 0

    def add(self, cell: str) -> None:
        """Count a cell that is not blank."""
        self.filled += 1
        self.num_characters += len(cell)
        if self.filled <= _SAMPLE_CELLS:
            self.num_words += len(_WORD.findall(cell[:_SAMPLE_CHARACTERS]))


@dataclass(frozen=True, slots=True)
class Table:
    """A file's columns, and the way to the cells of one."""

    source: Rows
    all_columns: tuple[Column, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names of the columns that hold anything written."""
        return tuple(column.name for column in self.all_columns if column.filled)

    def choose(self, wanted: str | None) -> str:
        """Return the column to read: the one asked for by name or number, else the one with the longest texts.

        Raises: UserError if there is no such column.
        """
        if wanted is not None:
            return self._asked(wanted)
        texts = [column for column in self.all_columns if column.is_running_text]
        if not texts:
            raise self.source.refusal() or UserError(
                N_(
                    "No column of this table holds running text. One column needs sentences, as in {example} with a header "
                    "line."
                ),
                example="text,label",
            )
        return max(texts, key=lambda column: column.mean_characters).name

    def cells(self, name: str) -> Iterator[str]:
        """Give the cells of a column that are not empty."""
        wanted = next(place for place, column in enumerate(self.all_columns) if column.name == name)
        for row in self.source.rows():
            for place, cell in row:
                if place == wanted and cell:
                    yield cell

    def _asked(self, wanted: str) -> str:
        known = self.columns
        if wanted in known:
            return wanted
        if (cleaned := names.clean(wanted)) in known:
            return cleaned
        if wanted.isdecimal() and 1 <= int(wanted) <= len(self.all_columns) and self.all_columns[int(wanted) - 1].filled:
            return self.all_columns[int(wanted) - 1].name
        raise UserError(
            N_("There is no text in a column {wanted!r}; the columns with text are {known}."),
            wanted=names.clean(wanted),
            known=", ".join(known)[:300] or "–",
        )


def of_rows(source: Rows) -> Table:
    """Look through all rows of a file.

    Raises: UserError if one of them can't be read, or there are more columns or cells than ``MAX_COLUMNS`` and ``MAX_CELLS``.
    """
    columns: list[Column] = []
    num_cells = 0
    for number, row in enumerate(source.rows(), start=1):
        for place, cell in row:
            num_cells += 1
            while place >= len(columns):
                check_columns(len(columns) + 1)
                columns.append(Column())
            if cell:
                check_cell(cell, number)
                if not cell.isspace():
                    columns[place].add(cell)
        if num_cells > MAX_CELLS:
            raise UserError(
                N_("This table has more than {limit} cells. Keep only the column with the text."), limit=f"{MAX_CELLS:,}"
            )
    for column, name in zip(columns, source.names(), strict=False):
        column.name = name
    return Table(source, tuple(columns))


def check_cell(cell: str, row: int) -> None:
    """Refuse a cell that no document should be as long as.

    Raises: UserError if it is longer than ``MAX_CELL_BYTES`` in UTF-8.
    """
    if len(cell) > MAX_CELL_BYTES // 4 and len(cell.encode("utf-8", "surrogatepass")) > MAX_CELL_BYTES:
        raise too_long(row)


def too_long(row: int) -> UserError:
    """Say that a cell is too long."""
    return UserError(N_("Row {row} has a cell of more than {limit} MB. Cut long texts into several rows."), row=row, limit=1)


def check_columns(num_columns: int) -> None:
    """Refuse a table that is wider than any with texts.

    Raises: UserError if it has more than ``MAX_COLUMNS``.
    """
    if num_columns > MAX_COLUMNS:
        raise UserError(
            N_("This table has more than {limit} columns. Keep only the column with the text, and a few others."),
            limit=f"{MAX_COLUMNS:,}",
        )
