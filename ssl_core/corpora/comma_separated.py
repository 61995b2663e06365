"""Tables in CSV and TSV as people make them: any separator, any line ends, and texts full of commas in a single column."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from ssl_core.corpora import dialects, names, tables
from ssl_core.corpora.dialects import NO_DELIMITER, Dialect
from ssl_core.corpora.lines import lines_of
from ssl_core.corpora.tables import MAX_CELL_BYTES, Table
from ssl_core.errors import UserError
from ssl_core.i18n import N_

_HEADER_SAMPLE = 200  # rows that tell whether the first one names the columns


def read_csv(text: str, kind: str = "csv") -> Table:
    """Look through a table; its first line names the columns, unless it is one like the others.

    Where the first line has no separator, or its commas are those of a sentence and the lines differ in their number, each
    line is one text.
    Raises: UserError if rows have different lengths, quotation marks don't match, or a cell is too long.
    """
    dialect = dialects.of_text(text, kind)
    try:
        return tables.of_rows(Separated(text, dialect))
    except UserError:
        other = _otherwise(text, dialect)
        if other is None:
            raise
        return tables.of_rows(Separated(text, other))


def _otherwise(text: str, dialect: Dialect) -> Dialect | None:
    """Return how a table is written whose cells could not be told apart; None where there is no other way to read it."""
    delimiter = dialect.delimiter
    if delimiter == NO_DELIMITER or delimiter == "\t":  # quotation marks that are not those of CSV belong to the texts
        return replace(dialect, quoted=False) if dialect.quoted else None
    first_line = next(lines_of(text, dialect.start), "")
    if dialects.is_prose(first_line, delimiter) and dialects.is_prose(text, delimiter):
        return replace(dialect, delimiter=NO_DELIMITER, quoted=False)
    return None


@dataclass(slots=True)
class Separated:
    """Rows of cells on lines."""

    text: str
    dialect: Dialect
    header: list[str] | None = None
    has_header: bool = True

    def names(self) -> list[str]:
        """Return the first row, cleaned, or the places of the columns where it names none."""
        self._look()
        header = self.header or []
        return names.distinct(header if self.has_header else [""] * len(header))

    def refusal(self) -> UserError | None:
        """Return nothing special."""
        return None

    def rows(self) -> Iterator[Iterable[tuple[int, str | None]]]:
        """Give each row below the names; rows without any cell are left out."""
        self._look()
        for row in islice(self._all(), int(self.has_header), None):
            yield enumerate(row)

    def _look(self) -> None:
        if self.header is None:
            self.header, *others = [*islice(self._all(), 1 + _HEADER_SAMPLE)] or [[]]
            self.has_header = dialects.has_header(self.header, others)

    def _all(self) -> Iterator[list[str]]:
        expected = None
        for line, row in self._read() if self.dialect.quoted else self._split():
            if not any(row):
                continue
            expected = expected or len(row)
            if len(row) != expected:
                raise _ragged(line, len(row), expected)
            yield row

    def _split(self) -> Iterator[tuple[int, list[str]]]:
        for number, line in enumerate(lines_of(self.text, self.dialect.start), start=1):
            tables.check_columns(line.count(self.dialect.delimiter) + 1)
            cells = line.rstrip("\r\n").split(self.dialect.delimiter)
            if self.dialect.unquote and '"' in line:
                cells = [each[1:-1].replace('""', '"') if each.startswith('"') else each for each in cells]
            yield number, cells

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        csv.field_size_limit(MAX_CELL_BYTES)
        reader = csv.reader(self._narrow_lines(), delimiter=self.dialect.delimiter, strict=True)
        num_rows = 0
        try:
            for row in reader:
                yield reader.line_num, row
                num_rows += 1
        except csv.Error as error:
            if "field limit" in str(error):
                raise tables.too_long(max(1, num_rows)) from error  # the first row has the names
            raise UserError(
                N_("Line {line} can't be read as CSV ({reason}). Check its quotation marks."),
                line=reader.line_num,
                reason=error,
            ) from error

    def _narrow_lines(self) -> Iterator[str]:
        """Give the lines, and refuse one with too many cells before they are made."""
        is_within_cell = False
        for line in lines_of(self.text, self.dialect.start):
            if line.count(self.dialect.delimiter) >= tables.MAX_COLUMNS:
                outside = ('"' + line if is_within_cell else line).split('"')[::2]
                tables.check_columns(1 + sum(each.count(self.dialect.delimiter) for each in outside))
            is_within_cell ^= line.count('"') % 2 == 1
            yield line


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
