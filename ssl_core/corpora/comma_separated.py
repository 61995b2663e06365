"""Tables in CSV as people make them: any separator, any line ends, and texts full of commas in a single column."""

import csv
import io
import re

from ssl_core.corpora.tables import Table, check_cell
from ssl_core.errors import UserError
from ssl_core.i18n import N_

_DELIMITERS = ",;\t|"
_NO_DELIMITER = "\x1f"  # a sign that no text has: the whole line is one cell
_FIRST_LINE = re.compile(r"[^\r\n]*")
_PROSE_RATE = 0.9


def read_csv(text: str) -> Table:
    """Read a table whose first line names its columns.

    Where the first line has no separator, or its commas are those of a sentence and the lines differ in their number, each
    line is one text.
    Raises: UserError if rows have different lengths, quotation marks don't match, or a cell is too long.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))  # a cell that is too long is refused below, in words
    text = text.lstrip("\r\n")
    first_line = _FIRST_LINE.match(text)
    assert first_line is not None, "it matches the empty line, too"
    delimiter = max(_DELIMITERS, key=first_line[0].count)
    if delimiter not in first_line[0]:
        return _one_column(text)
    try:
        return _table(text, delimiter)
    except UserError:
        if _is_prose(first_line[0], delimiter) and _is_prose(text, delimiter):
            return _lines(text)
        raise


def _table(text: str, delimiter: str) -> Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] = []
    rows: list[list[str]] = []
    try:
        for row in reader:
            if not any(row):
                continue
            if not header:
                header = _distinct(row)
                continue
            if len(row) != len(header):
                raise _ragged(reader.line_num, len(row), len(header))
            for cell in row:
                check_cell(cell, len(rows) + 1)
            rows.append(row)
    except csv.Error as error:
        raise UserError(
            N_("Line {line} can't be read as CSV ({reason}). Check its quotation marks."), line=reader.line_num, reason=error
        ) from error
    return Table({name: [row[index] for row in rows] for index, name in enumerate(header)})


def _one_column(text: str) -> Table:
    """Read a column of texts below its name; where quotation marks are not those of CSV, they belong to the texts."""
    try:
        return _table(text, _NO_DELIMITER)
    except UserError:
        name, *lines = [line for line in text.splitlines() if line.strip()]
        return _checked(name.strip(), lines)


def _lines(text: str) -> Table:
    return _checked("column 1", [line for line in text.splitlines() if line.strip()])


def _checked(name: str, cells: list[str]) -> Table:
    for number, cell in enumerate(cells, start=1):
        check_cell(cell, number)
    return Table({name: cells})


def _is_prose(text: str, delimiter: str) -> bool:
    """Say whether a separator is used as in sentences: with a space after it."""
    num_all = text.count(delimiter)
    return delimiter in ",;" and text.count(f"{delimiter} ") >= _PROSE_RATE * num_all > 0


def _distinct(names: list[str]) -> list[str]:
    taken: list[str] = []
    for position, name in enumerate(names, start=1):
        name = name.strip() or f"column {position}"
        taken.append(name if name not in taken else f"{name} ({position})")
    return taken


def _ragged(line: int, found: int, expected: int) -> UserError:
    return UserError(
        N_(
            "Line {line} has {found} cells, the first line has {expected}. Put quotation marks around texts that contain "
            "the separator."
        ),
        line=line,
        found=found,
        expected=expected,
    )
